"""From a sample back to the text it was made from."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

from schemas.documents import Document, Passage
from schemas.samples import Evidence, Sample

# A judge reads a sample's own passage; of a whole book it reads the surroundings of the evidence.
MAX_CHARACTERS = 24_000
WINDOW_CHARACTERS = 3_000


def document_ids(sample: Sample) -> tuple[str, ...]:
    """Return the documents that a sample was made from, each once, evidence first."""
    spans = (span.document_id for span in sample.evidence)
    shown = (passage_id.partition(":")[0] for passage_id in sample.origin.passages)
    return tuple(dict.fromkeys([*spans, *shown]))


def passages_of(sample: Sample, documents: Mapping[str, Document]) -> tuple[Passage, ...]:
    """Return what a sample has to be true to: its passages, long ones cut to their evidence.

    Documents that are not among `documents` are passed over.
    """
    own = [passage for id_ in sample.origin.passages if (passage := _passage(id_, documents)) is not None]
    short = [passage for passage in own if passage.end - passage.start <= MAX_CHARACTERS]
    outside = [span for span in sample.evidence if not any(_holds(passage, span) for passage in short)]
    return (*short, *_windows(outside, documents))


def _passage(passage_id: str, documents: Mapping[str, Document]) -> Passage | None:
    document_id, _, span = passage_id.partition(":")
    start, _, end = span.partition("-")
    document = documents.get(document_id)
    return Passage(document, int(start), int(end)) if document else None


def _holds(passage: Passage, span: Evidence) -> bool:
    return passage.document.id == span.document_id and passage.start <= span.start and span.end <= passage.end


def _windows(spans: list[Evidence], documents: Mapping[str, Document]) -> Iterator[Passage]:
    """Yield whole blocks around each span, overlapping ones joined."""
    merged: list[Passage] = []
    for span in sorted(spans, key=lambda span: (span.document_id, span.start)):
        if span.document_id not in documents:
            continue
        window = _window(span, documents[span.document_id])
        last = merged[-1] if merged else None
        if last and last.document is window.document and window.start <= last.end:
            merged[-1] = Passage(last.document, last.start, max(last.end, window.end))
        else:
            merged.append(window)
    yield from merged


def _window(span: Evidence, document: Document) -> Passage:
    blocks = document.blocks
    first = max(bisect_right(blocks, span.start - WINDOW_CHARACTERS, key=lambda block: block.end), 0)
    last = bisect_left(blocks, span.end + WINDOW_CHARACTERS, key=lambda block: block.start) - 1
    start = min(blocks[first].start, span.start) if first < len(blocks) else span.start
    end = max(blocks[last].end, span.end) if last >= 0 else span.end
    return Passage(document, *_within_reach(document.text, span, start, end))


def _within_reach(text: str, span: Evidence, start: int, end: int) -> tuple[int, int]:
    """Return a window's ends at lines near the span, where a block goes on for long: a table, a listing."""
    near, far = span.start - WINDOW_CHARACTERS, span.end + WINDOW_CHARACTERS
    if start < near - WINDOW_CHARACTERS:
        start = max(text.rfind("\n", start, near) + 1, near - WINDOW_CHARACTERS)
    if end > far + WINDOW_CHARACTERS:
        line_end = text.find("\n", far, far + WINDOW_CHARACTERS)
        end = line_end if line_end >= 0 else far
    return start, end
