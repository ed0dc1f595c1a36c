"""Tables as Markdown."""

from collections.abc import Sequence
from itertools import zip_longest


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Return `rows` as a Markdown table, the first one as its header; an empty string without cells.

    Short rows are filled up. White space in cells is folded, and `|` is escaped.
    """
    cells = [[_cell(text) for text in row] for row in rows]
    width = max((len(row) for row in cells), default=0)
    if not width:
        return ""
    lines = [_line(row, width) for row in cells]
    return "\n".join([lines[0], _line(["---"] * width, width), *lines[1:]])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _line(row: Sequence[str], width: int) -> str:
    return "| " + " | ".join(cell for cell, _ in zip_longest(row, range(width), fillvalue="")) + " |"
