"""A run's samples one by one, for people who read and decide."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flows.stages.export import with_reviews
from flows.stages.report import decisions, finished
from flows.stages.telling import sources_of
from output.report.facts import Excerpt
from output.report.review_page import review_html
from output.report.showing import Spans, excerpts_of, spans_by_document
from output.row_view import SeenRow, Wanted
from pipeline.reviews import Reviews
from pipeline.store import Place, Run
from pipeline.store.whole_files import whole_file

PAGE = "review.html"


def rows(run: Run, wanted: Wanted) -> Iterator[SeenRow]:
    """Yield the samples that are wanted of those that the last dataset was chosen from.

    Raises:
        RunFolderError: the run made no dataset yet.
    """
    shards, ends, facts = finished(run).shards, decisions(run), sources_of(run)
    reviews = Reviews(run.reviews.read())
    for made, judged in with_reviews(run, shards):
        end = ends[judged.sample.id]
        row = SeenRow(judged, end.split.value if end.split else "", end.reason, reviews.of(made.sample))
        if wanted.fits(row, facts):
            yield row


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page to decide on, how many samples it has, and how many more are wanted."""

    place: Place
    rows: int
    more: int


def review_page(run: Run, wanted: Wanted, limit: int) -> ReviewPage:
    """Write a page on which people decide of the first `limit` samples that are wanted.

    Raises:
        RunFolderError: the run made no dataset yet, or the page cannot be written.
    """
    found = rows(run, wanted)
    chosen = list(islice(found, limit))
    manifest, place = finished(run), run.folder / PAGE
    name = manifest.settings.output.name or manifest.name
    page = review_html(name, str(run.folder), manifest.updated, chosen, _excerpts(run, chosen))
    with whole_file(place) as aside:
        aside.write_text(page, encoding="utf-8")
    return ReviewPage(place, len(chosen), sum(1 for _ in found))


def _excerpts(run: Run, chosen: Sequence[SeenRow]) -> dict[Spans, tuple[Excerpt, ...]]:
    """Return the places in their documents where the evidence of rows stands."""
    wanted: dict[str, list[Spans]] = defaultdict(list)
    for row in chosen:
        for document_id, spans in spans_by_document(row.judged.sample).items():
            wanted[document_id].append(spans)
    return {
        spans: excerpts_of(document, spans)
        for document in run.documents.get(wanted)
        for spans in wanted[document.id]
    }
