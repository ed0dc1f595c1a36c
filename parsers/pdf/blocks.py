"""Chunks, tables and fields to the blocks of a document."""

import re
from collections.abc import Sequence

from parsers.draft import Draft
from parsers.pdf.cleaning import Joiner, clean
from parsers.pdf.headings import Headings
from parsers.pdf.lines import Line, raised
from parsers.pdf.markers import is_bullet, is_caption, is_list_marker, with_short_leader
from parsers.pdf.page import Field
from parsers.pdf.paragraphs import Chunk, jumps
from parsers.pdf.table import Table
from parsers.tables import markdown_table
from schemas.documents import BlockKind, Box

_SMALLER = 0.93
_NOTE = re.compile(r"^(?:[⁰¹²³⁴-⁹]{1,3}|\d{1,3}|[*†‡§¶]{1,2})(?=[^\d.,)\]])\s*\S+\s+\S")
_NOTE_NUMBER = re.compile(r"^\d{1,3}(?=[^\W\d])")
_LEVEL_STEP_EM = 0.9


class BlockWriter:
    """Adds chunks and tables to a draft, each as what it is."""

    def __init__(self, draft: Draft, headings: Headings, joiner: Joiner, body_size: float) -> None:
        self._draft = draft
        self._headings = headings
        self._joiner = joiner
        self._body = body_size
        self._indents: list[float] = []
        self._above: Chunk | None = None

    def add(self, part: Chunk | Table | Field) -> None:
        """Add one chunk, table or field."""
        if isinstance(part, Table):
            rows = [[clean(cell) for cell in row] for row in part.rows]
            self._indents = []
            self._draft.add(BlockKind.TABLE, markdown_table(rows), page=part.page, box=part.box)
        elif isinstance(part, Field):
            self._add_field(part)
        else:
            self._add_chunk(part)

    def _add_field(self, field: Field) -> None:
        self._indents = []
        text = clean(f"- {field.label}: {field.value}" if field.label else f"- {field.value}")
        self._draft.add(BlockKind.LIST_ITEM, text, page=field.page, box=field.box)

    def _add_chunk(self, chunk: Chunk) -> None:
        page, box = chunk.first.page, _box(chunk)
        level = self._headings.level(chunk)
        text = with_short_leader(self._joiner.text(chunk.lines))
        kind = BlockKind.HEADING if level else self._kind(chunk, text)
        if kind is BlockKind.LIST_ITEM:
            level = self._depth(chunk)
            text = _with_marker(chunk, text)
        else:
            self._indents = [] if kind is not BlockKind.FOOTNOTE else self._indents
        if kind is BlockKind.FOOTNOTE:
            text = _NOTE_NUMBER.sub(lambda mark: f"{raised(mark[0])} ", text)
        if kind is BlockKind.CODE:
            text = _code(chunk.lines)
        self._draft.add(kind, text, page=page, level=level, box=box)

    def _kind(self, chunk: Chunk, text: str) -> BlockKind:
        if is_caption(text):
            return BlockKind.CAPTION
        if chunk.font.mono:
            return BlockKind.CODE
        if chunk.font.size < _SMALLER * self._body and _NOTE.match(text):
            return BlockKind.FOOTNOTE
        if is_list_marker(chunk.marker) and len(text) > len(chunk.marker):
            return BlockKind.LIST_ITEM
        return BlockKind.PARAGRAPH

    def _depth(self, chunk: Chunk) -> int:
        """Return how deep a list item is nested, by the indents of the items above it."""
        start, step = chunk.first.start, _LEVEL_STEP_EM * chunk.font.size
        above, self._above = self._above, chunk
        if above is not None and jumps(above.last, chunk.first):
            self._indents = [indent + start - above.first.start for indent in self._indents]
        while self._indents and start < self._indents[-1] - step:
            self._indents.pop()
        if not self._indents or start > self._indents[-1] + step:
            self._indents.append(start)
        return len(self._indents) - 1


def _with_marker(chunk: Chunk, text: str) -> str:
    return f"- {text[len(chunk.marker) :].lstrip()}" if is_bullet(chunk.marker) else text


def _code(lines: Sequence[Line]) -> str:
    """Return lines of code with their indents, counted in the width of a character."""
    widths = [(w.right - w.left) / len(w.text) for line in lines for w in line.words if w.right > w.left]
    width = sorted(widths)[len(widths) // 2] if widths else 1.0
    edge = min(line.left for line in lines)
    return "\n".join(clean(_laid_out(line, edge, width)) for line in lines)


def _laid_out(line: Line, edge: float, width: float) -> str:
    """Return a line of code with its words in the columns that they stand in."""
    text = ""
    for word in line.words:
        column = round((word.left - edge) / width)
        text += " " * max(column - len(text), int(bool(text) and word.spaced)) + word.text
    return text


def _box(chunk: Chunk) -> Box:
    """Return the rectangle around those lines of a chunk that stand on its first page."""
    lines = [line for line in chunk.lines if line.page == chunk.page]
    return Box(
        min([line.left for line in lines]),
        min([line.top for line in lines]),
        max([line.right for line in lines]),
        max([line.bottom for line in lines]),
    )
