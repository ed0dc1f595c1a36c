"""The page on which people decide of samples: kept, rejected or said in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from output.report.facts import Excerpt, Shown
from output.report.page import TEMPLATES, environment, hash_of
from output.report.showing import Spans, shown
from output.row_view import SeenRow
from schemas.text import whole_text


@dataclass(frozen=True, slots=True)
class Decidable:
    """A sample on the page, in full where it can be edited."""

    shown: Shown
    question: str
    answer: str
    reasoning: str
    reason: str
    decision: str
    note: str


def review_html(
    name: str, folder: str, stamp: str, rows: Sequence[SeenRow], excerpts: Mapping[Spans, tuple[Excerpt, ...]]
) -> str:
    """Return the page as HTML. Nothing is fetched, and only the page's own script may run.

    `stamp` tells this dataset from later ones of the run: decisions that a browser remembers go with it.
    """
    script = (TEMPLATES / "review.js").read_text(encoding="utf-8")
    styles = ((TEMPLATES / sheet).read_text(encoding="utf-8") for sheet in ("report.css", "review.css"))
    page = (
        environment()
        .get_template("review.html")
        .render(
            name=name,
            folder=folder,
            stamp=stamp,
            rows=[_decidable(row, excerpts) for row in rows],
            recipes=sorted({row.judged.sample.recipe for row in rows}),
            style="\n".join(styles),
            script=script,
            script_hash=hash_of(script),
        )
    )
    return whole_text(page)


def _decidable(row: SeenRow, excerpts: Mapping[Spans, tuple[Excerpt, ...]]) -> Decidable:
    sample = row.judged.sample
    return Decidable(
        shown(row.judged, row.split, excerpts),
        sample.question,
        sample.answer,
        sample.reasoning or "",
        row.reason,
        row.review.decision.value if row.review else "",
        row.review.note if row.review else "",
    )
