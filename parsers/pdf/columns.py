"""Tables without upright rules: columns are the gaps that all rows share."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from parsers.pdf.lines import GAP_EM
from parsers.pdf.table import Table, box_of, cell_text
from parsers.pdf.words import Word

_MAX_CELL_CHARACTERS = 45
_MAX_CROSSING_SHARE = 0.34


class Span(NamedTuple):
    """A stretch from left to right."""

    left: float
    right: float


def segments(words: Sequence[Word], min_gap_em: float = GAP_EM) -> list[list[Word]]:
    """Return the words of a line, cut where the gap is wider than between words."""
    parts: list[list[Word]] = []
    reach = 0.0
    for word in sorted(words, key=attrgetter("left")):
        if parts and word.left - reach < min_gap_em * (word.font.size or 1.0):
            parts[-1].append(word)
        else:
            parts.append([word])
            reach = word.right
        if word.right > reach:
            reach = word.right
    return parts


def aligned_table(rows: Sequence[Sequence[Word]], page: int) -> Table | None:
    """Return the table in lines of words, None when they share no gap, or read as prose."""
    parts = [segments(row) for row in rows]
    columns = _columns(parts)
    if len(columns) < 2:
        return None
    grid = [_placed(row, columns) for row in parts]
    if _is_prose(grid):
        return None
    texts = [tuple(cell_text(cell) for cell in row) for row in grid]
    return Table(tuple(_rejoined(texts)), page, box_of(word for row in rows for word in row))


def _columns(parts: list[list[list[Word]]]) -> list[Span]:
    """Return the columns that the rows with the most segments show, less those that other rows cross."""
    most = max(len(row) for row in parts)
    telling = [row for row in parts if len(row) >= max(2, most - most // 4)] or parts
    columns = _union([span for row in telling for span in map(_span, row)])
    spans = [[_span(part) for part in row] for row in parts]
    index = 1
    while index < len(columns):
        gap = Span(columns[index - 1].right, columns[index].left)
        crossing = sum(any(span.left < gap.left and span.right > gap.right for span in row) for row in spans)
        if crossing > _MAX_CROSSING_SHARE * len(spans):
            columns[index - 1 : index + 1] = [Span(columns[index - 1].left, columns[index].right)]
        else:
            index += 1
    return columns


def _span(words: Sequence[Word]) -> Span:
    return Span(words[0].left, max(word.right for word in words))


def _union(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.left <= merged[-1].right + 1.0:
            merged[-1] = Span(merged[-1].left, max(merged[-1].right, span.right))
        else:
            merged.append(span)
    return merged


def _placed(row: list[list[Word]], columns: list[Span]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in columns]
    for part in row:
        span = _span(part)
        shared = [min(span.right, column.right) - max(span.left, column.left) for column in columns]
        first = next((index for index, width in enumerate(shared) if width > 0), None)
        cells[shared.index(max(shared)) if first is None else first].extend(part)
    return cells


def _is_prose(grid: list[list[list[Word]]]) -> bool:
    """Whether the cells are as full as the lines of two columns of text."""
    lengths = [sum(len(word.text) + 1 for word in cell) for row in grid for cell in row if cell]
    return not lengths or sum(lengths) / len(lengths) > _MAX_CELL_CHARACTERS


def _rejoined(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows, with lines that only go on with the cells above taken into them."""
    pending: tuple[str, ...] | None = None
    for row in rows:
        if pending is not None and _goes_on(pending, row):
            pending = tuple(f"{above} {below}".strip() for above, below in zip(pending, row, strict=True))
        else:
            if pending is not None:
                yield pending
            pending = row
    if pending is not None:
        yield pending


def _goes_on(above: tuple[str, ...], below: tuple[str, ...]) -> bool:
    filled = [index for index, cell in enumerate(below) if cell]
    return (
        bool(filled)
        and not below[0]
        and len(filled) <= len(below) // 2
        and all(above[index] and not any(map(str.isdigit, below[index])) for index in filled)
    )
