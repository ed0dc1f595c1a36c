"""`tunesmith build`."""

from pathlib import Path
from typing import Any

import click

from flows.cli.options import Sectioned, said, settings_options, telemetry, telemetry_options


@click.command("build", cls=Sectioned)
@click.argument("sources", nargs=-1)
@settings_options
@click.option("--direct", is_flag=True, help="Run as plain functions, without Prefect.")
@click.option("--dry-run", is_flag=True, help="Print the plan and its cost; send nothing.")
@click.option("--show-prompts", is_flag=True, help="Print each recipe's first prompt; send nothing.")
@click.option("--quiet", "-q", is_flag=True, help="No progress, and no summary.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@click.option("--review", is_flag=True, help="Ask a person before the dataset is published.")
@telemetry_options
@click.option("--prefect-logs", is_flag=True, help="Show Prefect's own log.")
def build_command(
    sources: tuple[str, ...],
    config: Path | None,
    direct: bool,
    dry_run: bool,
    show_prompts: bool,
    quiet: bool,
    as_json: bool,
    review: bool,
    prefect_logs: bool,
    **options: Any,
) -> None:
    """Make a dataset from SOURCES: files, folders, globs, addresses.

    A run is a folder. The same command on the same folder goes on where it stopped, and does what is new.
    """
    from flows.api import run_settings
    from flows.configuring import configure
    from flows.planned import plan_json, plan_text
    from flows.summary import result_json, result_text

    tells = telemetry(options)
    settings = configure(said({"sources": sources, **options}), config)
    if show_prompts:
        from flows.stages.prompts import first_prompts, prompts_text

        click.echo(prompts_text(first_prompts(settings)))
        return
    if dry_run:
        from flows.stages.plan import plan

        planned = plan(settings)
        click.echo(plan_json(planned) if as_json else plan_text(planned))
        return
    result = run_settings(
        settings,
        direct=direct,
        quiet=quiet,
        review=review,
        prefect_logs=prefect_logs,
        telemetry=tells,
    )
    if as_json:
        click.echo(result_json(result))
    elif not quiet:
        click.echo(result_text(result))
