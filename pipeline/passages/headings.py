"""The path of headings above a place in a document."""

from schemas.documents import BlockKind, Document


class HeadingPaths:
    """Knows the headings above any offset, asked in reading order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        self._next = 0
        self._path: list[tuple[int, str]] = []

    def above(self, offset: int) -> tuple[str, ...]:
        """Return the headings above `offset`, outermost first."""
        while self._next < len(self._headings) and self._headings[self._next].end <= offset:
            heading = self._headings[self._next]
            self._path = [entry for entry in self._path if entry[0] < heading.level]
            self._path.append((heading.level, self._document.block_text(heading)))
            self._next += 1
        return tuple(title for _, title in self._path)
