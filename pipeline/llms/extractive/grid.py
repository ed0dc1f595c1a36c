"""A Markdown table as rows of cells, each row with its verbatim line."""

import re
from dataclasses import dataclass, replace

from pipeline.llms.extractive.reading import Reading, Section, plain
from pipeline.passages.tables import table_header, times_labelled
from schemas.documents import Block, BlockKind, Passage

_CELLS = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_CAPTION = re.compile(
    r"^(?:table|tab\.|tabelle|tableau|tabla|tabella|tabela)\s*\d*(?:\.\d+)*\s*[:.–—-]?\s*", re.IGNORECASE
)
_MAX_ROWS, _MAX_COLUMNS, _MAX_HEADER_CHARACTERS = 200, 16, 100


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `line` is its Markdown line, a substring of the document's text."""

    cells: tuple[str, ...]
    line: str
    start: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its header row. `caption` is empty where it has none; cells are plain text.

    One that is not `whole` has more rows elsewhere: those that are here have labels of their own.
    """

    header: Row
    rows: tuple[Row, ...]
    caption: str
    whole: bool = True

    def column(self, at: int) -> tuple[str, ...]:
        """Return the cells of one column, the header left out."""
        return tuple(row.cells[at] for row in self.rows)


def grids(reading: Reading, section: Section) -> list[Grid]:
    """Return the tables of a section that have a header, a body, and one width."""
    found = []
    for at, block in enumerate(section.blocks):
        if block.kind is BlockKind.TABLE:
            around = (section.blocks[at - 1] if at else None, *section.blocks[at + 1 : at + 2])
            grid = _grid(_rows(reading, block), _caption(reading, around))
            found += [grid] if grid else []
    return [_told_apart(reading, grid) for grid in found]


def _rows(reading: Reading, block: Block) -> list[Row]:
    """Return a table's rows, that of a cut one's header first; nothing without a header."""
    lines = [
        (match[0], block.start + match.start()) for match in re.finditer(r"[^\n]+", reading.quote(block))
    ]
    rows = [Row(_split(line), line.strip(), start) for line, start in lines if not _RULE.match(line)]
    header = table_header(Passage(reading.document, block.start, block.end))
    if header is None:
        return [] if len(rows) == len(lines) else rows
    return [Row(_split(header.text), header.text.strip(), header.start), *rows]


def _grid(rows: list[Row], caption: str) -> Grid | None:
    if not 2 <= len(rows) <= _MAX_ROWS + 1:
        return None
    width = len(rows[0].cells)
    if not 2 <= width <= _MAX_COLUMNS or any(len(row.cells) != width for row in rows):
        return None
    named = (
        all(0 < len(cell) <= _MAX_HEADER_CHARACTERS for cell in rows[0].cells[1:])
        and len(set(rows[0].cells)) == width
    )
    return Grid(rows[0], tuple(rows[1:]), caption) if named else None


def _told_apart(reading: Reading, grid: Grid) -> Grid:
    """Return a table, of one with more rows elsewhere those whose labels stand in no other row."""
    within = (cut for cut in reading.cut_tables if cut.start <= grid.rows[0].start < cut.end)
    cut = next(within, None)
    if cut is None:
        return grid
    times = times_labelled(reading.document, cut)
    alone = tuple(row for row in grid.rows if times.get(_first(row.line), 0) == 1)
    return replace(grid, rows=alone, whole=False)


def _first(line: str) -> str:
    """Return a row's first cell as it is written."""
    return _CELLS.split(line, maxsplit=2)[1].strip()


def _split(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(plain(cell.replace("\\|", "|")) for cell in _CELLS.split(inner))


def _caption(reading: Reading, around: tuple[Block | None, ...]) -> str:
    """Return the table's caption without its number: a caption block, or a line like `Table 2: ...`."""
    for block in around:
        text = reading.quote(block).strip() if block is not None else ""
        numbered = _CAPTION.match(text)
        is_caption = block is not None and (block.kind is BlockKind.CAPTION or (numbered and len(text) < 160))
        if (
            is_caption
            and (name := plain(text[numbered.end() if numbered else 0 :]).rstrip("."))
            and len(name) < 120
        ):
            return re.split(r"(?<=[a-z])\. ", name)[0]
    return ""
