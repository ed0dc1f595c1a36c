"""Which parts of the passages have given samples, and which a second round should aim at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.passages import HeadingPaths
from schemas.documents import BlockKind, Passage
from schemas.samples import Evidence, Sample

_WORTH_ASKING_TOKENS = 25

Covered = Mapping[str, Sequence[Evidence]]  # by document id


def covered_by(accepted: Iterable[Sample]) -> Covered:
    """Return the evidence of samples that were accepted, for the next round to aim beside."""
    spans: dict[str, list[Evidence]] = {}
    for sample in accepted:
        for span in sample.evidence:
            spans.setdefault(span.document_id, []).append(span)
    return spans


def aims(passages: Iterable[Passage], covered: Covered) -> tuple[Passage, ...]:
    """Return what to ask about in another round: what gave no sample yet, or all where all did."""
    passages = tuple(passages)
    return empty_parts(passages, covered) or passages


def empty_parts(passages: Iterable[Passage], covered: Covered) -> tuple[Passage, ...]:
    """Return the stretches of `passages` that no evidence touches, as passages to ask about again.

    A stretch is a whole passage, or a run of whole blocks within one; headings alone, and what is too short
    to hold a fact, are left out.
    """
    return tuple(
        part
        for passage in passages
        for part in _untouched(passage, covered.get(passage.document.id, ()))
        if part.tokens >= _WORTH_ASKING_TOKENS
    )


def _untouched(passage: Passage, spans: Sequence[Evidence]) -> list[Passage]:
    spans = [span for span in spans if span.start < passage.end and passage.start < span.end]
    if not spans:
        return [passage]
    runs: list[Passage] = []
    is_open = False
    paths = HeadingPaths(passage.document)
    for block in passage.blocks:
        if any(span.start < block.end and block.start < span.end for span in spans):
            is_open = False
        elif block.kind is BlockKind.HEADING:
            continue
        elif is_open:
            runs[-1] = _between(passage, runs[-1].start, block.end, runs[-1].headings)
        else:
            runs.append(_between(passage, block.start, block.end, paths.above(block.start)))
            is_open = True
    return runs


def _between(passage: Passage, start: int, end: int, headings: tuple[str, ...]) -> Passage:
    share = (end - start) / max(1, passage.end - passage.start)
    return replace(passage, start=start, end=end, headings=headings, tokens=round(passage.tokens * share))
