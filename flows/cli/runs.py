"""What is there already: `tunesmith report`, `diff`, `calibrate`, `replies` and `runs`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import PLACE

if TYPE_CHECKING:
    from pipeline.store import Place


@click.command("report")
@click.argument("run", type=PLACE)
def report_command(run: "Place") -> None:
    """Write the report of the run folder RUN anew."""
    from flows.stages.report import report
    from pipeline.store import read_run

    click.echo(report(read_run(run)))


@click.command("diff", short_help="Explain what changed between two datasets.")
@click.argument("before", type=PLACE)
@click.argument("after", type=PLACE)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def diff_command(before: "Place", after: "Place", as_json: bool) -> None:
    """Explain what changed between the datasets of the run folders BEFORE and AFTER, and why."""
    from flows.stages.report import compare
    from flows.summary import found_json
    from output.report import diff_text

    difference = compare(before, after)
    click.echo(found_json(difference) if as_json else diff_text(difference))


@click.command("calibrate")
@click.argument("run", type=PLACE)
@click.option("--labels", type=click.Path(path_type=Path), help="Samples that a person judged, JSON lines.")
def calibrate_command(run: "Place", labels: Path | None) -> None:
    """Measure what the filters and the judge of RUN are worth: on planted faults, or on your own labels."""
    from flows.api import calibrate
    from flows.stages.calibration import calibration_text

    click.echo(calibration_text(calibrate(run, labels=labels, quiet=False)))


@click.command("replies")
@click.argument("run", type=PLACE)
@click.option("--prune", is_flag=True, help="Forget what the other options name, in place of listing it.")
@click.option("--recipe", help="Only those of one recipe.")
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Only those older than so many days.",
)
@click.option("--refusals", is_flag=True, help="Only what endpoints turned down, so that it is asked again.")
@click.option("--all", "everything", is_flag=True, help="With --prune: forget all that was paid for.")
def replies_command(
    run: "Place",
    prune: bool,
    recipe: str | None,
    older_than: float | None,
    refusals: bool,
    everything: bool,
) -> None:
    """List the replies that the run folder RUN (or a shared folder of replies) keeps, or prune them."""
    from flows.summary import replies_text
    from pipeline.llms.replies import list_replies, prune_replies

    if prune and recipe is None and older_than is None and not refusals and not everything:
        raise click.UsageError(
            "--prune needs --recipe, --older-than or --refusals; --all forgets all of them"
        )
    folder = run / "replies" if (run / "replies").is_dir() else run
    if prune:
        count = prune_replies(folder, recipe=recipe, older_than_days=older_than, refusals=refusals)
        click.echo(f"{count:,} replies forgotten")
    else:
        found = list_replies(folder, recipe=recipe, older_than_days=older_than, refusals=refusals)
        click.echo(replies_text(found))


@click.group("runs")
def runs_command() -> None:
    """List, show, compare and prune run folders."""


@runs_command.command("list")
@click.argument("folder", type=PLACE, default="runs")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
def list_command(folder: "Place", as_json: bool) -> None:
    """List the runs in FOLDER, the last one at work first.  [default: runs]"""
    from flows.listing import runs_json, runs_text
    from flows.stages.runs import find_runs

    found = find_runs(folder)
    click.echo(runs_json(found) if as_json else runs_text(found))


@runs_command.command("show")
@click.argument("run", type=PLACE)
@click.option("--json", "as_json", is_flag=True, help="The run's manifest, as JSON.")
def show_command(run: "Place", as_json: bool) -> None:
    """Show the ledger, the versions and the cost of the run folder RUN."""
    from flows.listing import run_text
    from flows.stages.record import begun

    manifest = begun(run)
    click.echo(manifest.model_dump_json(indent=2) if as_json else run_text(run, manifest))


runs_command.add_command(diff_command, "compare")


@runs_command.command("prune")
@click.argument("run", type=PLACE)
@click.option("--versions", type=click.IntRange(min=1), help="Keep the row lists of so many versions only.")
def prune_command(run: "Place", versions: int | None) -> None:
    """Remove what the present dataset of RUN does not need. Replies stay: tunesmith replies prunes them."""
    from flows.listing import pruned_text
    from flows.stages.runs import prune

    click.echo(pruned_text(prune(run, keep_versions=versions)))
