"""Samples one by one: `tunesmith rows` and `tunesmith review`."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.options import PLACE, F

if TYPE_CHECKING:
    from pipeline.store import Place

_NUMBER = click.IntRange(min=1)
_WANTED = (
    click.option("--find", default="", metavar="TEXT", help="Only those that say TEXT."),
    click.option("--recipe", default="", metavar="NAME", help="Only those of one recipe."),
    click.option("--source", default="", metavar="NAME", help="Only those whose document's name has NAME."),
    click.option("--dropped", is_flag=True, help="Those that are not in the dataset, and why."),
    click.option("--reason", default="", metavar="WORD", help="Those that were dropped as WORD."),
)


def _wanted_options(command: F) -> F:
    """Give a command the options that choose samples."""
    for option in reversed(_WANTED):
        command = option(command)
    return command


@click.command("rows")
@click.argument("run", type=PLACE)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_wanted_options
@click.option("--limit", type=_NUMBER, default=10, metavar="NUMBER", help="So many.  [default: 10]")
@click.option("--json", "as_json", is_flag=True, help="All of them, a JSON object a line.")
def rows_command(run: "Place", ids: tuple[str, ...], limit: int, as_json: bool, **wanted: Any) -> None:
    """Show rows of RUN in full: words, places, quotes, verdicts.

    An ID is a sample's, or how it begins.
    """
    from flows.stages.rows import rows
    from flows.stages.telling import sources_of
    from output.row_view import Wanted, row_json, row_text
    from pipeline.store import read_run

    opened = read_run(run)
    sources, found = sources_of(opened), rows(opened, Wanted(ids, **_spelt(wanted)))
    if as_json:
        for row in found:
            click.echo(row_json(row, sources))
        return
    shown = list(islice(found, limit))
    for row in shown:
        click.echo(f"{row_text(row, sources)}\n")
    more = sum(1 for _ in found)
    click.echo(f"{len(shown):,} shown, {more:,} more" + (" (--limit, or --find)" if more else ""))


@click.command("review")
@click.argument("run", type=PLACE)
@click.argument("decisions", type=click.Path(path_type=Path), required=False)
@click.option("--keep", multiple=True, metavar="ID", help="Keep it, whatever filters say; repeatable.")
@click.option("--reject", multiple=True, metavar="ID", help="Leave it out from now on; repeatable.")
@click.option("--undo", multiple=True, metavar="ID", help="Take back what was decided; repeatable.")
@click.option("--from", "other", type=PLACE, metavar="RUN", help="Take over what was decided in another run.")
@click.option("--note", default="", metavar="TEXT", help="Why, for whoever reads the report.")
@_wanted_options
@click.option(
    "--limit",
    type=_NUMBER,
    default=1000,
    metavar="NUMBER",
    help="So many.  [default: 1000]",
)
def review_command(
    run: "Place",
    decisions: Path | None,
    keep: tuple[str, ...],
    reject: tuple[str, ...],
    undo: tuple[str, ...],
    other: "Place | None",
    note: str,
    limit: int,
    **wanted: Any,
) -> None:
    """Write a page to decide of RUN's rows, or take DECISIONS and write the dataset anew.

    DECISIONS is what the page saves, or lines of `tunesmith rows RUN --json` with "decision" filled in: keep,
    reject, edit (with question, answer, reasoning) or undo. They hold for every later build.
    """
    from flows.api import review
    from flows.stages.decision_files import read_decisions, said_in
    from flows.stages.reviews import taken_text
    from flows.stages.rows import review_page
    from output.row_view import Wanted
    from pipeline.store import read_run

    said = read_decisions(decisions) if decisions else []
    named = {"keep": keep, "reject": reject, "undo": undo}
    said += [
        said_in({"id": id_, "decision": decision, "note": note}, f"--{decision} {id_}")
        for decision, ids in named.items()
        for id_ in ids
    ]
    if other is not None:
        click.echo(taken_text(review(run, other), run))
    if decisions or said:
        click.echo(taken_text(review(run, said), run))
    if other is not None or decisions or said:
        return
    page = review_page(read_run(run), Wanted(**_spelt(wanted)), limit)
    more = f" ({page.more:,} more: --limit, or --find and the like)" if page.more else ""
    click.echo(f"{page.rows:,} samples to decide of{more}: {page.place}")
    click.echo(f"open it, save the decisions, then: tunesmith review {run} decisions.jsonl")


def _spelt(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what is wanted, a reason spelt as the ledger has it."""
    return wanted | {"reason": wanted["reason"].replace(" ", "_")}
