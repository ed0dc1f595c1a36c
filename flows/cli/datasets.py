"""Datasets of our own and of others: `tunesmith import` and `convert`."""

from pathlib import Path

import click


@click.command("convert")
@click.argument("dataset")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "format_", required=True, metavar="NAME", help="The new format.")
@click.option("--from", "from_", metavar="NAME", help="The format that it has; found out by default.")
@click.option("--storage", type=click.Choice(["parquet", "jsonl"]), help="The files' format.")
@click.option("--skip", is_flag=True, help="Leave out and count what the new format cannot hold.")
def convert_command(
    dataset: str, folder: Path, format_: str, from_: str | None, storage: str | None, skip: bool
) -> None:
    """Write DATASET, a file or a folder, anew at FOLDER in another format. Nothing is lost in silence."""
    from flows.summary import conversion_text
    from output.converting import convert
    from schemas.settings import load_settings

    settings = load_settings({"format": format_} | ({"storage": storage} if storage else {}))
    click.echo(conversion_text(convert(dataset, folder, settings, format_name=from_, skip=skip), folder))
