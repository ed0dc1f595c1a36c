"""A finished run as a page, and two runs side by side."""

from flows.stages.calibration import kept_calibration
from flows.stages.export import samples, with_reviews
from output.report import Extras, RunDiff, Side, collect, diff_runs, write_report
from pipeline.store import Place, Run, SelectionRow, read_run
from pipeline.store.whole_files import whole_file
from pipeline.tokens import TokenEstimate
from schemas.errors import RunFolderError
from schemas.ledger import End, Outcome, Stage
from schemas.manifest import Manifest
from schemas.reviews import Decision


def report(run: Run) -> Place:
    """Write the report of the dataset that a run made last, and return its place.

    Raises:
        RunFolderError: the run made no dataset yet, or the page cannot be written.
    """
    manifest = finished(run)
    sources = run.sources.read()
    outcomes = [Outcome(Stage.SOURCES, row.uri, row.end, row.reason, row.detail) for row in sources]
    facts = collect(
        samples(run, manifest.shards),
        decisions(run),
        run.documents.get(row.document_id for row in sources if row.document_id),
        manifest,
        TokenEstimate().count,
        Extras(outcomes, kept_calibration(run, manifest.settings)),
    )
    place = run.folder / "report.html"
    with whole_file(place) as aside:
        write_report(facts, aside)
    return place


def compare(before: str | Place, after: str | Place) -> RunDiff:
    """Return what changed between the datasets of two run folders, and why.

    Raises:
        RunFolderError: one of them is no run, or made no dataset yet.
    """
    return diff_runs(_side(read_run(before)), _side(read_run(after)))


def finished(run: Run) -> Manifest:
    """Return the manifest of a run that made a dataset.

    Raises:
        RunFolderError: it made none yet.
    """
    manifest = run.manifest()
    if manifest is None or not manifest.finished:
        raise RunFolderError(str(run.folder), "made no dataset yet; run: tunesmith build")
    return manifest


class _Ends(dict[str, SelectionRow]):
    """How samples ended. Of one that a person edited before a kill, only the next build will tell."""

    def __missing__(self, sample_id: str) -> SelectionRow:
        return SelectionRow(sample_id, End.DROPPED, "not_yet_selected")


def decisions(run: Run) -> dict[str, SelectionRow]:
    """Return how each sample of the last dataset ended, by its id."""
    return _Ends({row.sample_id: row for row in run.selection.read()})


def _side(run: Run) -> Side:
    manifest = finished(run)
    documents = {row.uri: row.document_id for row in run.sources.read()}
    judged = samples(run, manifest.shards)
    return Side(str(run.folder), manifest.settings, documents, judged, decisions(run), _edits(run, manifest))


def _edits(run: Run, manifest: Manifest) -> frozenset[str]:
    """Return the ids of samples that people worded anew, as they were made and as they are worded."""
    if not any(review.decision is Decision.EDIT for review in run.reviews.read()):
        return frozenset()
    pairs = ((made.sample.id, now.sample.id) for made, now in with_reviews(run, manifest.shards))
    return frozenset(id_ for made, now in pairs if made != now for id_ in (made, now))
