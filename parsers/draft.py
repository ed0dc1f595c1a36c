"""A document in the making: parsers add blocks in reading order, and offsets come out right."""

from dataclasses import dataclass, field

from parsers.showing import showable
from parsers.stretches import stretches
from schemas.documents import (
    Block,
    BlockKind,
    Box,
    Document,
    Figure,
    Link,
    Metadata,
    OutlineEntry,
    PageNote,
    PageQuality,
    Source,
)
from schemas.text import whole_text

_GARBLED_SHARE = 0.02
_MAY_BE_CUT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})


@dataclass(slots=True)
class Draft:
    """Collects blocks, and joins them into canonical text. Empty blocks are left out."""

    _parts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _length: int = 0

    def add(
        self, kind: BlockKind, text: str, *, page: int | None = None, level: int = 0, box: Box | None = None
    ) -> None:
        """Append a block. Neighbouring list items stand on lines of their own, all else in paragraphs.

        What is too long for a paragraph becomes several, its text as it is.
        """
        text = whole_text(text.strip("\n") if kind is BlockKind.CODE else text.strip())
        if not text:
            return
        if self._blocks:
            both_items = kind is BlockKind.LIST_ITEM and self._blocks[-1].kind is BlockKind.LIST_ITEM
            self._append("\n" if both_items else "\n\n")
        offset = self._length
        self._append(text)
        spans = stretches(text) if kind in _MAY_BE_CUT else ((0, len(text)),)
        for start, end in spans:
            self._blocks.append(Block(kind, offset + start, offset + end, page, level, box))
            kind, level = BlockKind.PARAGRAPH, 0  # what an item goes on with

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def document(
        self,
        source: Source,
        *,
        metadata: Metadata | None = None,
        figures: tuple[Figure, ...] = (),
        page_notes: tuple[PageNote, ...] = (),
        outline: tuple[OutlineEntry, ...] = (),
        language: str | None = None,
        page_count: int | None = None,
        page_labels: tuple[str, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> Document:
        """Return the finished document, its pictures as models take them.

        A note says where its text is garbled and no page says so.
        """
        text = self.text
        return Document(
            source,
            text,
            tuple(self._blocks),
            showable(figures),
            page_notes or _garbled(text),
            outline,
            metadata or Metadata(),
            language,
            page_count,
            page_labels,
            links,
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _garbled(text: str) -> tuple[PageNote, ...]:
    """Return a note, on page 1, if bytes that fit no encoding left their mark on one character in fifty."""
    lost = text.count("\ufffd")
    if lost <= _GARBLED_SHARE * len(text):
        return ()
    return (PageNote(1, PageQuality.GARBLED, f"{lost} of {len(text)} characters could not be decoded"),)
