"""Smaller passages in place of those that were too long for a model."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.documents import Passage


def halved(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield smaller passages in place of `passages`, nothing in place of one that cannot be cut.

    A passage that was shown inside a larger one is shown alone; one that stood alone is cut at the block
    nearest to its middle.
    """
    for passage in passages:
        if passage.context is not None:
            yield replace(passage, context=None)
        else:
            yield from _halves(passage)


def _halves(passage: Passage) -> tuple[Passage, ...]:
    starts = [block.start for block in passage.blocks if block.start > passage.start]
    if not starts:
        return ()
    middle = min(starts, key=lambda start: abs(start - (passage.start + passage.end) // 2))
    tokens = passage.tokens // 2
    return (
        replace(passage, end=middle, tokens=tokens),
        replace(passage, start=middle, tokens=tokens),
    )
