"""What a check reads of a sample's source: its passages, and the surroundings of evidence elsewhere."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from schemas.documents import Document, Passage
from schemas.samples import Evidence, Sample

_SURROUNDING_CHARACTERS = 1_500
_CLOSER = (1_500, 300, 0)  # characters on either side of a quote
_LONG_BLOCK = 2_000
_START, _END = attrgetter("start"), attrgetter("end")


def source_view(sample: Sample, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Return what `sample` may lean on: each passage alone, then windows around evidence outside of them.

    A sample of a whole document carries evidence from anywhere in it; the window, and not the document,
    is what it is held to.
    """
    documents = {passage.document.id: passage.document for passage in passages}
    windows = (
        _window(documents[span.document_id], span)
        for span in sample.evidence
        if span.document_id in documents and not _inside(span, passages)
    )
    return (*(replace(passage, context=None) for passage in passages), *windows)


def views(sample: Sample, passages: tuple[Passage, ...]) -> Iterator[tuple[Passage, ...]]:
    """Yield what a check of `sample` may be shown, each for a model that cannot take what came before it.

    First all that `sample` may lean on, then what stands around its evidence, ever closer, in whole blocks.
    """
    shown = source_view(sample, passages)
    yield shown
    for characters in _CLOSER:
        closer = _around_evidence(sample, passages, characters)
        if closer and _size(closer) < _size(shown):
            yield closer
            shown = closer


def _around_evidence(sample: Sample, passages: tuple[Passage, ...], characters: int) -> tuple[Passage, ...]:
    """Return what stands around each quote. Surroundings that meet are one."""
    documents = {passage.document.id: passage.document for passage in passages}
    merged: list[Passage] = []
    for span in sorted(sample.evidence, key=lambda each: (each.document_id, each.start)):
        if span.document_id not in documents:
            continue
        window = _whole_blocks(_window(documents[span.document_id], span, characters))
        last = merged[-1] if merged else None
        if last and last.document is window.document and window.start <= last.end:
            merged[-1] = replace(last, end=max(last.end, window.end))
        else:
            merged.append(window)
    return tuple(merged)


def _whole_blocks(window: Passage) -> Passage:
    """Return a window that cuts no block at its ends, but for a very long one."""
    blocks, start, end = window.document.blocks, window.start, window.end
    first = bisect_right(blocks, start, key=_START) - 1
    if first >= 0 and start < blocks[first].end and start - blocks[first].start <= _LONG_BLOCK:
        start = blocks[first].start
    last = bisect_left(blocks, end, key=_END)
    if last < len(blocks) and blocks[last].start < end and blocks[last].end - end <= _LONG_BLOCK:
        end = blocks[last].end
    return replace(window, start=start, end=end)


def _size(passages: tuple[Passage, ...]) -> int:
    return sum(passage.end - passage.start for passage in passages)


def _inside(span: Evidence, passages: tuple[Passage, ...]) -> bool:
    return any(
        passage.document.id == span.document_id and passage.start <= span.start and span.end <= passage.end
        for passage in passages
    )


def _window(document: Document, span: Evidence, characters: int = _SURROUNDING_CHARACTERS) -> Passage:
    start = max(0, span.start - characters)
    return Passage(document, start, min(len(document.text), span.end + characters))
