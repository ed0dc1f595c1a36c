"""The versions of a run's dataset: what came, what went, and the splits that stay.

versions/<number>.parquet   the rows of each version: sample, split, documents
splits.parquet              the split of every document that ever had a row
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.select import Decision, evaluates, members_of
from pipeline.store import Place, RowFile, Run
from schemas.ledger import End
from schemas.manifest import DatasetVersion
from schemas.samples import Judged, Split
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One row of a version. `documents` are those that it was made from."""

    sample_id: str
    split: Split
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptSplit:
    """Where a document's rows stand for good. `uri` is where it was read last, empty where nobody knows."""

    document_id: str
    uri: str
    split: Split


def kept_splits(run: Run, settings: Settings) -> dict[str, Split]:
    """Return the split of each document that had rows before, and of those that took such a one's place.

    A document that changed has a new id and its old address: it stays where its former self was. A split
    whose share is 0 now keeps nothing.
    """
    kept = [row for row in _splits(run).read() if getattr(settings.split, row.split.value)]
    by_uri = {row.uri: row.split for row in kept if row.uri}
    by_id = {row.document_id: row.split for row in kept}
    changed = {
        row.document_id: by_uri[row.uri]
        for row in run.sources.read()
        if row.document_id and row.end is End.KEPT and row.uri in by_uri
    }
    return changed | by_id


def version_rows(judged: Iterable[Judged], decisions: Mapping[str, Decision]) -> list[VersionRow]:
    """Return the rows of a dataset, sorted by sample."""
    rows = (
        VersionRow(each.sample.id, split, members_of(each.sample))
        for each in judged
        if (split := decisions[each.sample.id].split) is not None
    )
    return sorted(rows, key=lambda row: row.sample_id)


def keep_splits(
    run: Run, settings: Settings, judged: Iterable[Judged], decisions: Mapping[str, Decision]
) -> None:
    """Note for later builds where the documents of the dataset's rows stand.

    Examinations are no documents' rows: they stand in the test split wherever their document is.
    """
    uris = {row.document_id: row.uri for row in run.sources.read() if row.end is End.KEPT}
    before = {row.document_id: row for row in _splits(run).read()}
    known = dict(before)
    for each in judged:
        split = decisions[each.sample.id].split
        if split is not None and not evaluates(each.sample.recipe, settings):
            for id_ in members_of(each.sample):
                known[id_] = KeptSplit(id_, uris.get(id_, ""), split)
    if known != before:
        _splits(run).write(known[id_] for id_ in sorted(known))


def keep_version(
    run: Run, history: tuple[DatasetVersion, ...], rows: list[VersionRow], now: str
) -> tuple[DatasetVersion, ...]:
    """Store a version of the dataset unless it is the last one again; return all versions, oldest first."""
    before = _rows(run, history[-1].number).read() if history else []
    if history and rows == before:
        return history
    earlier, later = {row.sample_id for row in before}, {row.sample_id for row in rows}
    version = DatasetVersion(
        number=history[-1].number + 1 if history else 1,
        created=now,
        rows=len(rows),
        added=len(later - earlier),
        removed=len(earlier - later),
        unchanged=len(later & earlier),
    )
    _rows(run, version.number).write(rows)
    return (*history, version)


def version_file(run: Run, number: int) -> Place:
    """Return where the rows of a version stand."""
    return run.folder / "versions" / f"{number}.parquet"


def _rows(run: Run, number: int) -> RowFile[VersionRow]:
    return RowFile(version_file(run, number), VersionRow)


def _splits(run: Run) -> RowFile[KeptSplit]:
    return RowFile(run.folder / "splits.parquet", KeptSplit)
