"""`tunesmith init`, `tunesmith doctor` and `tunesmith list`."""

from pathlib import Path
from typing import Any

import click

from flows.cli.options import Sectioned, said, settings_options, shown


@click.command("init")
@click.argument("path", type=click.Path(path_type=Path), default=Path("tunesmith.yaml"))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init_command(path: Path, force: bool) -> None:
    """Write a commented settings file to PATH (tunesmith.yaml)."""
    from flows.starter import write_starter

    write_starter(path, replace=force)
    click.echo(f"wrote {path}; next: tunesmith build --config {path}")


@shown("model", "base_url")
@click.command("doctor", cls=Sectioned)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor_command(config: Path | None, as_json: bool, **options: Any) -> None:
    """Check the endpoint, the key and the model, and what they can do. Nothing secret is written."""
    from flows.configuring import configure
    from flows.doctor import examine

    examination = examine(configure(said(options), config))
    click.echo(examination.as_json() if as_json else examination.as_text())
    raise click.exceptions.Exit(examination.exit_code)


@click.command("list")
@click.argument("kind", type=click.Choice(["parsers", "recipes", "filters", "formats", "providers"]))
def list_command(kind: str) -> None:
    """List what is there of a KIND, with one line on each."""
    from schemas import registry

    known = getattr(registry, kind)
    entries = list(known.items())
    width = max(len(name) for name, _ in entries)
    for name, entry in entries:
        more = f" ({', '.join(entry.suffixes)})" if kind == "parsers" else ""
        more = " (takes no model)" if kind == "recipes" and not entry.needs_model else more
        click.echo(f"{name:<{width}}  {entry.summary}{more}")
    for name, problem in known.broken().items():
        click.echo(f"warning: {name} cannot be loaded: {problem}", err=True)
