"""What a check reads of a sample's source: its passages, and the surroundings of evidence elsewhere."""

from dataclasses import replace

from schemas.documents import Document, Passage
from schemas.samples import Evidence, Sample

_SURROUNDING_CHARACTERS = 1_500


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


def evidence_view(sample: Sample, passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Return what stands around the evidence of `sample` alone, for a model that cannot take all of it."""
    documents = {passage.document.id: passage.document for passage in passages}
    merged: list[Passage] = []
    for span in sorted(sample.evidence, key=lambda each: (each.document_id, each.start)):
        if span.document_id not in documents:
            continue
        window = _window(documents[span.document_id], span)
        last = merged[-1] if merged else None
        if last and last.document is window.document and window.start <= last.end:
            merged[-1] = replace(last, end=max(last.end, window.end))
        else:
            merged.append(window)
    return tuple(merged)


def _inside(span: Evidence, passages: tuple[Passage, ...]) -> bool:
    return any(
        passage.document.id == span.document_id and passage.start <= span.start and span.end <= passage.end
        for passage in passages
    )


def _window(document: Document, span: Evidence) -> Passage:
    start = max(0, span.start - _SURROUNDING_CHARACTERS)
    return Passage(document, start, min(len(document.text), span.end + _SURROUNDING_CHARACTERS))
