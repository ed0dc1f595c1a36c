"""The path of headings above a place in a document."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from schemas.documents import Block, BlockKind, Document

_NONE = -1


class HeadingPaths:
    """Knows the headings above any offset of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        self._parents = list(_parents(self._headings))

    def above(self, offset: int) -> tuple[str, ...]:
        """Return the headings above `offset`, outermost first."""
        path: list[str] = []
        at = bisect_right(self._headings, offset, key=attrgetter("end")) - 1
        while at != _NONE:
            path.append(self._document.block_text(self._headings[at]))
            at = self._parents[at]
        return tuple(reversed(path))


def _parents(headings: Sequence[Block]) -> Iterator[int]:
    """Yield for each heading the number of the one above it, `_NONE` for one that nothing is above."""
    path: list[int] = []
    for number, heading in enumerate(headings):
        while path and headings[path[-1]].level >= heading.level:
            path.pop()
        yield path[-1] if path else _NONE
        path.append(number)
