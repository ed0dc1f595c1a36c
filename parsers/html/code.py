"""Code as it stands on a page: lines and indentation kept, line numbers left out."""

from typing import TYPE_CHECKING

from parsers.html.tree import words
from parsers.html.vocabulary import BLOCKS, LINE_NUMBERS, NEVER_TEXT

if TYPE_CHECKING:
    from lxml.etree import _Element


def code_text(element: "_Element") -> str:
    """Return preformatted text as it stands, without line numbers; a block within it is a line."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    left_out: _Element | None = None
    for event, part in walk:
        inner = part is not element
        if event == "start":
            if inner and (part.tag in NEVER_TEXT or is_line_number(part)):
                left_out = part
                walk.skip_subtree()
                continue
            if inner and part.tag in BLOCKS:
                _end_line(parts)
            parts.append("\n" if part.tag == "br" else part.text or "")
        elif inner:
            tail = part.tail or ""
            if part is not left_out and part.tag in BLOCKS and not tail.startswith("\n"):
                _end_line(parts)
            parts.append(tail)
    return "\n".join(line.rstrip() for line in "".join(parts).replace("\xa0", " ").split("\n"))


def _end_line(parts: list[str]) -> None:
    """Begin a new line, unless one has just begun."""
    last = next((part for part in reversed(parts) if part), "\n")
    if not last.endswith("\n"):
        parts.append("\n")


def code_table(table: "_Element") -> str | None:
    """Return code that is set as a table, a line a row behind its number; None for any other table."""
    rows = list(table.iter("tr"))
    cells = [list(row.iterchildren("td", "th")) for row in rows]
    if not rows or not all(len(row) == 2 and is_line_number(row[0]) for row in cells):
        return None
    return "\n".join(code_text(row[1]).strip("\n") for row in cells)


def is_line_number(element: "_Element") -> bool:
    """Whether an element is the number of a line, or a column of them, and no code that has numbers."""
    if not (LINE_NUMBERS.search(element.get("class", "")) or "data-line-number" in element.attrib):
        return False
    return not words(element).strip("0123456789 .:|")
