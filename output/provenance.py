"""The columns that say where each row comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.errors import UnreadableRow
from schemas.samples import Evidence, Origin, Selected, Verdict

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """How people know a document."""

    uri: str
    title: str


def provenance_row(selected: Selected, sources: Mapping[str, SourceFacts]) -> dict[str, object]:
    """Return where a row comes from. `document` to `quote` are the first evidence's."""
    judged, sample = selected.judged, selected.judged.sample
    first = sample.evidence[0] if sample.evidence else None
    source = sources.get(first.document_id) if first else None
    return {
        "id": sample.id,
        "recipe": sample.recipe,
        "kind": sample.kind,
        "model": sample.origin.model,
        "request_id": sample.origin.request_id,
        "language": sample.language,
        "difficulty": sample.difficulty,
        "source": source.uri if source else None,
        "title": source.title if source else None,
        "document": first.document_id if first else None,
        "page": first.page if first else None,
        "start": first.start if first else None,
        "end": first.end if first else None,
        "quote": first.quote if first else None,
        "evidence": [_evidence(span) for span in sample.evidence],
        "score": judged.score,
        "scores": [
            {"filter": verdict.filter, "score": verdict.score}
            for verdict in judged.verdicts
            if verdict.score is not None
        ],
        "cluster": selected.cluster,
        "linked_by": list(sample.origin.links),
    }


def provenance_schema() -> "pa.Schema":
    """Return the columns of `provenance_row`."""
    import pyarrow as pa

    span = pa.struct(
        [
            ("document", pa.string()),
            ("page", pa.int32()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("quote", pa.string()),
        ]
    )
    score = pa.struct([("filter", pa.string()), ("score", pa.float64())])
    texts = ("id", "recipe", "kind", "model", "request_id", "language", "difficulty")
    places = ("source", "title", "document")
    return pa.schema(
        [
            *((name, pa.string()) for name in texts + places),
            ("page", pa.int32()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("quote", pa.string()),
            ("evidence", pa.list_(span)),
            ("score", pa.float64()),
            ("scores", pa.list_(score)),
            ("cluster", pa.string()),
            ("linked_by", pa.list_(pa.string())),
        ]
    )


def _evidence(span: Evidence) -> dict[str, object]:
    return {
        "document": span.document_id,
        "page": span.page,
        "start": span.start,
        "end": span.end,
        "quote": span.quote,
    }


def read_evidence(row: Mapping[str, object]) -> tuple[Evidence, ...]:
    """Return the evidence that a row of ours bears, none where there is no such column.

    Raises:
        UnreadableRow: the column lacks something.
    """
    value = row.get("evidence")
    if not isinstance(value, list) or not all(isinstance(span, dict) for span in value):
        return ()
    try:
        spans = tuple(
            Evidence(span["document"], span["start"], span["end"], span["quote"], span["page"])
            for span in value
        )
    except KeyError as error:
        raise UnreadableRow(f"'evidence' has no {error}") from error
    if not all(_typed(span) for span in spans):
        raise UnreadableRow("'evidence' holds something else than documents, offsets and quotes")
    return spans


def _typed(span: Evidence) -> bool:
    offsets = (span.start, span.end, 0 if span.page is None else span.page)
    texts = (span.document_id, span.quote)
    return all(isinstance(text, str) for text in texts) and all(isinstance(at, int) for at in offsets)


def read_origin(row: Mapping[str, object]) -> Origin:
    """Return where a row of ours comes from; of other rows, nothing is known."""
    model, request_id = row.get("model"), row.get("request_id")
    return Origin(
        request_id if isinstance(request_id, str) else "", model if isinstance(model, str) else "", ()
    )


def read_verdicts(row: Mapping[str, object]) -> tuple[Verdict, ...]:
    """Return the verdicts whose scores a row of ours bears.

    Raises:
        UnreadableRow: a score is no number from 0 to 1.
    """
    value = row.get("scores")
    if not isinstance(value, list) or not all(isinstance(score, dict) for score in value):
        return ()
    return tuple(
        Verdict(str(given.get("filter")), keep=True, score=_score(given.get("score")))
        for given in value
        if given.get("score") is not None
    )


def _score(said: object) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 1:
        raise UnreadableRow("'scores' holds something else than numbers from 0 to 1")
    return float(said)


def read_source(row: Mapping[str, object]) -> SourceFacts | None:
    """Return the document that a row of ours names first."""
    source, title = row.get("source"), row.get("title")
    if isinstance(source, str) and isinstance(title, str) and row.get("document"):
        return SourceFacts(source, title)
    return None
