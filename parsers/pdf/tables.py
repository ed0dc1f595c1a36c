"""The stream of a page: its lines in order, with tables in the place of theirs."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from parsers.pdf.columns import aligned_table, segments
from parsers.pdf.contents import with_contents
from parsers.pdf.glossary import is_entry, with_glossaries
from parsers.pdf.grids import grids, ruled_table
from parsers.pdf.lines import Line, line_of
from parsers.pdf.markers import is_contents_entry, is_list_marker
from parsers.pdf.page import Rule
from parsers.pdf.table import Item, Table, bands
from parsers.pdf.words import Word
from schemas.documents import Box

_MIN_ROWS = 3
_MIN_OUTPUT_COLUMNS = 3
_TYPED_SHARE = 0.8
_TALLEST_STRIP = 0.6
_MIN_GAP_EM = 1.0
_SAME_EDGE_PT = 1.5
_SHORTEST_RULE_PT = 40.0
_MIN_TABULAR_SHARE = 0.6
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?")


def with_tables(lines: Sequence[Line], rules: Sequence[Rule], page_height: float) -> list[Item]:
    """Return the lines of one page, with every table as one item. No word is lost."""
    items: list[Item] = list(lines)
    typed = _is_typed(lines)
    for grid in grids(rules):
        inside = _inside(items, grid.box)
        table = ruled_table(grid, inside, lines[0].page) if inside else None
        if table is not None:
            items = _replaced(items, inside, table)
    for strips in _strips(rules, _TALLEST_STRIP * page_height):
        for run in _tabular_runs([_inside(items, strip) for strip in strips]):
            rows = bands(run)
            table = None if _is_output(rows, typed=typed) else aligned_table(rows, lines[0].page)
            if table is not None and len(table.rows) >= 2:
                items = _replaced(items, run, table)
    items = with_glossaries(with_contents(items))
    if any(isinstance(item, Line) and item.is_gapped for item in items):
        return _with_aligned(items, typed=typed)
    return items


def _inside(items: Iterable[Item], box: Box) -> list[Word]:
    return [
        word
        for item in items
        if isinstance(item, Line) and _is_level_with(item, box)
        for word in item.words
        if box.left - 2 <= (word.left + word.right) / 2 <= box.right + 2
        and box.top - 2 <= (word.top + word.bottom) / 2 <= box.bottom + 2
    ]


def _is_level_with(line: Line, box: Box) -> bool:
    return line.top <= box.bottom + 2 and line.bottom >= box.top - 2


def _replaced(items: Iterable[Item], words: Iterable[Word], table: Table) -> list[Item]:
    """Return the items with `table` in the place of its first word, and without its words."""
    taken = {id(word) for word in words}
    result: list[Item] = []
    placed = False
    for item in items:
        if isinstance(item, Table) or not _is_level_with(item, table.box):
            result.append(item)
            continue
        rest = tuple(word for word in item.words if id(word) not in taken)
        if len(rest) == len(item.words):
            result.append(item)
            continue
        if not placed:
            result.append(table)
            placed = True
        if rest:
            result.append(line_of(rest, item.page))
    return result


def _strips(rules: Iterable[Rule], tallest: float) -> list[list[Box]]:
    """Return the strips between level rules of one width and place, as in printed tables, top to bottom.

    What is taller than `tallest` is no strip: all text stands between the rules of a running head and a foot.
    """
    stacks: list[list[Rule]] = []
    long = (rule for rule in rules if rule.is_horizontal and rule.right - rule.left > _SHORTEST_RULE_PT)
    for rule in sorted(long, key=lambda rule: rule.top):
        for stack in stacks:
            above = stack[-1]
            if abs(above.left - rule.left) < _SAME_EDGE_PT and abs(above.right - rule.right) < _SAME_EDGE_PT:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [
        [
            Box(above.left, above.top, above.right, below.bottom)
            for above, below in pairwise(stack)
            if below.bottom - above.top <= tallest
        ]
        for stack in stacks
    ]


def _tabular_runs(strips: Iterable[list[Word]]) -> list[list[Word]]:
    """Return the words of neighbouring strips that are set in columns, run by run."""
    runs: list[list[Word]] = [[]]
    for words in strips:
        if _is_tabular(words):
            runs[-1].extend(words)
        elif words:
            runs.append([])
    return [run for run in runs if run]


def _is_tabular(words: Sequence[Word]) -> bool:
    """Whether most lines of the words have gaps, as rows have and text has not."""
    rows = bands(words)
    with_gaps = sum(len(segments(row)) > 1 for row in rows)
    return bool(rows) and with_gaps >= _MIN_TABULAR_SHARE * len(rows)


def _with_aligned(items: Sequence[Item], *, typed: bool) -> list[Item]:
    """Return the items with runs of lines that share gaps made into tables."""
    result: list[Item] = []
    run: list[Line] = []
    for item in items:
        if isinstance(item, Line) and _belongs(run, item):
            run.append(item)
            continue
        result.extend(_run_items(run, typed=typed))
        run = []
        if isinstance(item, Line) and _is_row(item):
            run = [item]
        else:
            result.append(item)
    result.extend(_run_items(run, typed=typed))
    return result


def _belongs(run: Sequence[Line], line: Line) -> bool:
    """Whether a line is the next row, or goes on with a cell of the last one that is not its first."""
    if not run:
        return _is_row(line)
    if not _follows(run[-1], line):
        return False
    if _is_row(line):
        return True
    row = next(above for above in reversed(run) if _is_row(above))
    cells = segments(row.words, _MIN_GAP_EM)[1:]
    return line.font.size == row.font.size and any(
        abs(line.left - cell[0].left) < _SAME_EDGE_PT and line.font.mono == cell[0].font.mono
        for cell in cells
    )


def _run_items(run: list[Line], *, typed: bool) -> Sequence[Item]:
    rows = [line.words for line in run]
    if len(run) < _MIN_ROWS or _is_output(rows, typed=typed):
        return run
    table = aligned_table(rows, run[0].page)
    return run if table is None else [table]


def _is_typed(lines: Sequence[Line]) -> bool:
    """Whether a page is in letters of one width from top to bottom, as a typewriter's are."""
    return sum(line.font.mono for line in lines) >= _TYPED_SHARE * len(lines)


def _is_output(rows: Sequence[Sequence[Word]], *, typed: bool) -> bool:
    """Whether rows are code, or what a program printed: of one width of letter among others.

    On a page that is typed as a whole, rows in step are a table's.
    """
    telling = [word.font.mono for row in rows for word in row if any(map(str.isalpha, word.text))]
    if not telling or not all(telling):
        return False
    if not typed:
        return True
    counts = {len(segments(row, _MIN_GAP_EM)) for row in rows}
    return len(counts) > 1 or min(counts) < _MIN_OUTPUT_COLUMNS


def _is_row(line: Line) -> bool:
    if not line.is_gapped or is_entry(line) or is_contents_entry(line.text):
        return False
    parts = segments(line.words, _MIN_GAP_EM)
    first = " ".join(word.text for word in parts[0])
    is_numbered = len(parts) == 2 and _SECTION.fullmatch(first)
    return len(parts) > 1 and not is_list_marker(first) and not is_numbered


def _follows(above: Line, below: Line) -> bool:
    leading = below.top - above.bottom
    return -0.5 * above.font.size <= leading <= 2.5 * above.font.size
