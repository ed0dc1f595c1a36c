"""HTML tables of facts as Markdown; tables of layout are told apart."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.html.inline import stand_in
from parsers.html.vocabulary import HEADINGS, NEVER_TEXT
from parsers.tables import markdown_table

if TYPE_CHECKING:
    from lxml.etree import _Element

_LAYOUT_ROLES = ("presentation", "none")
_MAX_SPAN = 1000
_MAX_CELLS = 500_000
_LONG_CELL = 400
_PARAGRAPHS = frozenset({"p", "div", "pre", "ul", "ol", "section", "article", "table", *HEADINGS})


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table's caption, empty without one, and its rows as Markdown."""

    caption: str
    markdown: str


def data_table(table: "_Element", skipped: Collection["_Element"]) -> HtmlTable | None:
    """Return a table of facts, None if it only arranges a page.

    A cell that spans several has its text in the first of them, so that no text stands twice.
    """
    if table.get("role") in _LAYOUT_ROLES:
        return None
    rows = list(_rows(table))
    cells = [cell for row in rows for cell in _cells(row)]
    if not cells or not (_is_marked(table, cells) or _looks_like_facts(rows, cells)):
        return None
    caption = next((_text(part, skipped) for part in table.iterchildren("caption")), "")
    markdown = markdown_table(_grid(rows, skipped))
    return HtmlTable(caption, markdown) if markdown.strip("|- \n") else None


def _rows(table: "_Element") -> Iterator["_Element"]:
    for child in table.iterchildren("thead", "tbody", "tfoot", "tr"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _cells(row: "_Element") -> Iterator["_Element"]:
    yield from row.iterchildren("td", "th")


def _is_marked(table: "_Element", cells: list["_Element"]) -> bool:
    """Whether the page's author says that this is a table of facts, and no cell says otherwise."""
    marked = any(cell.tag == "th" for cell in cells) or next(table.iterchildren("caption"), None) is not None
    return marked and next(table.iter("pre"), None) is None


def _looks_like_facts(rows: list["_Element"], cells: list["_Element"]) -> bool:
    widest = max(sum(1 for _ in _cells(row)) for row in rows)
    if len(rows) < 2 or widest < 2:
        return False
    return not any(_is_layout(cell) for cell in cells)


def _is_layout(cell: "_Element") -> bool:
    blocks = sum(1 for part in cell.iterdescendants() if part.tag in _PARAGRAPHS)
    return blocks > 3 or (blocks > 0 and sum(map(len, cell.itertext())) > _LONG_CELL)


def _grid(rows: list["_Element"], skipped: Collection["_Element"]) -> list[list[str]]:
    """Return the rows' texts, with empty cells where others span."""
    grid: list[list[str]] = []
    taken: dict[int, int] = {}
    for row in rows:
        line: list[str] = []
        below = {column: left - 1 for column, left in taken.items() if left > 1}
        for cell in _cells(row):
            while len(line) in taken:
                line.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                below |= {len(line) + step: height - 1 for step in range(width)}
            line += [_text(cell, skipped), *[""] * (width - 1)]
            if len(line) * len(rows) > _MAX_CELLS:
                break
        grid.append(line)
        taken = below
    return _trimmed(grid)


def _trimmed(grid: list[list[str]]) -> list[list[str]]:
    """Return the grid without rows and columns that are empty from end to end."""
    rows = [row for row in grid if any(row)]
    width = max((len(row) for row in rows), default=0)
    used = [column for column in range(width) if any(column < len(row) and row[column] for row in rows)]
    return [[row[column] if column < len(row) else "" for column in used] for row in rows]


def _span(cell: "_Element", name: str) -> int:
    stated = (cell.get(name) or "").strip()
    return min(max(int(stated), 1), _MAX_SPAN) if stated.isdecimal() and len(stated) < 9 else 1


def _text(cell: "_Element", skipped: Collection["_Element"]) -> str:
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, part in walk:
        if event == "start":
            stands = None if part in skipped else stand_in(part)
            if stands is not None or part.tag in NEVER_TEXT or part in skipped:
                parts.append(stands or "")
                walk.skip_subtree()
            else:
                parts.append((" " if part.tag in _SEPARATE else "") + (part.text or ""))
        elif part is not cell:
            parts.append((" " if part.tag in _SEPARATE else "") + (part.tail or ""))
    return " ".join("".join(parts).replace("\xad", "").split())


_SEPARATE = frozenset({"br", "p", "div", "li", "td", "th", "tr", "dd", "dt", "pre"})
