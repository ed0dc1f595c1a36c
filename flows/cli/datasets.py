"""Datasets of our own and of others: `tunesmith import`, `convert`, `check`, `push` and `sql`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.options import DATASET, PLACE, said

if TYPE_CHECKING:
    from pipeline.store import Place


@click.command("import")
@click.argument("dataset", type=DATASET)
@click.option("--out", required=True, metavar="RUN", help="The run's folder, a new one or one with samples.")
@click.option("--from", "from_", metavar="NAME", help="The format that it has; found out by default.")
def import_command(dataset: "str | Place", out: str, from_: str | None) -> None:
    """Read DATASET into a run folder as candidates, to be curated and exported.

    It is a file, a folder, or a dataset of the hub, as in hf://datasets/owner/name.
    """
    from flows.api import open_job
    from flows.configuring import configure
    from flows.stages.importing import import_candidates

    with open_job(configure({"out": out})) as job:
        imported = import_candidates(job, str(dataset), from_)
    click.echo(imported.as_text(out))


@click.command("convert")
@click.argument("dataset", type=DATASET)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "format_", required=True, metavar="NAME", help="The new format.")
@click.option("--from", "from_", metavar="NAME", help="The format that it has; found out by default.")
@click.option("--storage", type=click.Choice(["parquet", "jsonl"]), help="The files' format.")
@click.option("--skip", is_flag=True, help="Leave out and count what the new format cannot hold.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings in a YAML file.")
@click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="As in output.reasoning=think.")
def convert_command(
    dataset: "str | Place",
    folder: Path,
    format_: str,
    from_: str | None,
    skip: bool,
    config: Path | None,
    **options: Any,
) -> None:
    """Write DATASET (a file, a folder, a run) anew at FOLDER in another format. Nothing is lost silently."""
    from flows.configuring import settings_in
    from flows.summary import conversion_text
    from output.converting import convert
    from pipeline.store.copies import local_copy
    from schemas.settings import load_settings

    settings = load_settings(settings_in(config) if config else {}, said({"format": format_, **options}))
    with local_copy(dataset) as copy:
        converted = convert(str(copy), folder, settings, format_name=from_, skip=skip)
    click.echo(conversion_text(converted, folder))


@click.command("check")
@click.argument("dataset", type=DATASET)
@click.option(
    "--tokenizer", type=click.Path(path_type=Path), help="A model's folder: tokens and chat template."
)
@click.option("--max-length", type=click.IntRange(min=1), metavar="TOKENS", help="What the trainer cuts at.")
@click.option("--from", "from_", metavar="NAME", help="The format that it has; found out by default.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.pass_context
def check_command(
    context: click.Context,
    dataset: "str | Place",
    tokenizer: Path | None,
    max_length: int | None,
    from_: str | None,
    as_json: bool,
) -> None:
    """Tell what a trainer would meet in DATASET (a file, a folder, a run), and fail where it would choke.

    Without a tokenizer, tokens are estimated and no chat template is applied.
    """
    from dataclasses import asdict

    from flows.summary import found_json
    from output.check_text import check_text
    from output.checking import check
    from output.tokenizing import token_count
    from pipeline.store.copies import local_copy
    from pipeline.tokens import TokenEstimate

    count = token_count(tokenizer) if tokenizer else TokenEstimate().count
    template = str(tokenizer) if tokenizer else None
    with local_copy(dataset) as copy:
        report = check(str(copy), count, max_tokens=max_length, chat_template=template, format_name=from_)
    found = {"fit": report.fit, "estimated": tokenizer is None, **asdict(report)}
    click.echo(found_json(found) if as_json else check_text(report, estimated=tokenizer is None))
    if not report.fit:
        context.exit(1)


@click.command("sql")
@click.argument("folder", metavar="RUN", type=PLACE)
@click.argument("statement")
@click.option("--json", "form", flag_value="json", help="A JSON object per row.")
@click.option("--csv", "form", flag_value="csv", help="CSV under a line of names.")
def sql_command(folder: "Place", statement: str, form: str | None) -> None:
    """Answer an SQL STATEMENT over the tables of RUN, a run folder or a Parquet dataset.

    It reads the run's files, and can change and reach nothing. Wide cells of the table are cut.
    """
    from output import sql_text
    from output.sql import PATTERNS, query
    from pipeline.store.copies import local_copy

    lines = {"json": sql_text.json_lines, "csv": sql_text.csv_lines}.get(form or "", sql_text.table_lines)
    with local_copy(folder, PATTERNS) as copy:
        for line in lines(query(copy, statement)):
            click.echo(line)


@click.command("push")
@click.argument("dataset", type=DATASET)
@click.option("--repo", metavar="USER/NAME", help="A dataset repository of the Hugging Face hub.")
@click.option("--to", "address", metavar="ADDRESS", help="An object store, as in s3://bucket/folder.")
@click.option("--public", is_flag=True, help="Let everybody see a new repository; private otherwise.")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent; send nothing.")
def push_command(
    dataset: "Place", repo: str | None, address: str | None, public: bool, dry_run: bool
) -> None:
    """Send DATASET, a run or its dataset's folder, to the hub (token in HF_TOKEN) or to an object store."""
    from output.pushing import parcel, push_to_hub, push_to_store
    from pipeline.store.copies import local_copy

    if (repo is None) == (address is None):
        raise click.UsageError("say where to: either --repo USER/NAME or --to ADDRESS")
    with local_copy(dataset) as folder:
        sent = parcel(folder)
        if dry_run:
            click.echo(f"{sent.size_bytes:,} bytes would go to {repo or address}: {', '.join(sent.names)}")
            return
        click.echo(push_to_hub(sent, repo, public=public) if repo else push_to_store(sent, str(address)))
