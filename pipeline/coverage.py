"""Which parts of the passages have given samples, and which a second round should aim at."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import attrgetter

from pipeline.passages import HeadingPaths
from schemas.documents import BlockKind, Document, Passage
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
    touched: dict[str, _Touched] = {}
    parts: list[Passage] = []
    for passage in passages:
        document = passage.document
        if document.id not in touched:
            touched[document.id] = _Touched(document, covered.get(document.id, ()))
        parts += _untouched(passage, touched[document.id])
    return tuple(part for part in parts if part.tokens >= _WORTH_ASKING_TOKENS)


class _Touched:
    """The evidence in one document, which may be large and have very many passages."""

    def __init__(self, document: Document, spans: Sequence[Evidence]) -> None:
        self.paths = HeadingPaths(document)
        self._spans = sorted(spans, key=attrgetter("start"))
        self._reaches = list(accumulate((span.end for span in self._spans), max))

    def between(self, start: int, end: int) -> Sequence[Evidence]:
        """Return spans among which all are that touch a stretch, none where none does."""
        first = bisect_right(self._reaches, start)
        return self._spans[first : bisect_left(self._spans, end, key=attrgetter("start"))]


def _untouched(passage: Passage, touched: _Touched) -> list[Passage]:
    if not touched.between(passage.start, passage.end):
        return [passage]
    runs: list[Passage] = []
    is_open = False
    for block in passage.blocks:
        if touched.between(block.start, block.end):
            is_open = False
        elif block.kind is BlockKind.HEADING:
            continue
        elif is_open:
            runs[-1] = _between(passage, runs[-1].start, block.end, runs[-1].headings)
        else:
            runs.append(_between(passage, block.start, block.end, touched.paths.above(block.start)))
            is_open = True
    return runs


def _between(passage: Passage, start: int, end: int, headings: tuple[str, ...]) -> Passage:
    share = (end - start) / max(1, passage.end - passage.start)
    return replace(passage, start=start, end=end, headings=headings, tokens=round(passage.tokens * share))
