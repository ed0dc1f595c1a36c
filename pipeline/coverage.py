"""Which parts of the passages have given samples, and which a second round should aim at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from schemas.documents import BlockKind, Document, Passage
from schemas.samples import Evidence

_WORTH_ASKING_TOKENS = 25


def empty_parts(passages: Iterable[Passage], evidence: Sequence[Evidence]) -> tuple[Passage, ...]:
    """Return the stretches of `passages` that no evidence touches, as passages to ask about again.

    A stretch is a run of whole blocks within one passage; headings alone, and runs too short to hold a fact,
    are left out.
    """
    spans: dict[str, list[Evidence]] = {}
    for span in evidence:
        spans.setdefault(span.document_id, []).append(span)
    return tuple(
        part
        for passage in passages
        for part in _untouched(passage, spans.get(passage.document.id, ()))
        if part.tokens >= _WORTH_ASKING_TOKENS
    )


def deciles(document: Document, evidence: Iterable[Evidence]) -> tuple[int, ...]:
    """Return how many pieces of evidence begin in each tenth of `document`, ten counts in order."""
    length = max(1, len(document.text))
    tenths = Counter(span.start * 10 // length for span in evidence if span.document_id == document.id)
    return tuple(tenths[tenth] for tenth in range(10))


def _untouched(passage: Passage, spans: Sequence[Evidence]) -> list[Passage]:
    runs: list[Passage] = []
    is_open = False
    for block in passage.blocks:
        if any(span.start < block.end and block.start < span.end for span in spans):
            is_open = False
        elif block.kind is BlockKind.HEADING:
            continue
        elif is_open:
            runs[-1] = _between(passage, runs[-1].start, block.end)
        else:
            runs.append(_between(passage, block.start, block.end))
            is_open = True
    return runs


def _between(passage: Passage, start: int, end: int) -> Passage:
    share = (end - start) / max(1, passage.end - passage.start)
    return replace(passage, start=start, end=end, tokens=round(passage.tokens * share))
