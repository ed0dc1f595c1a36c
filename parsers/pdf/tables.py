"""The stream of a page: its lines in order, with tables in the place of theirs."""

from collections.abc import Iterable, Sequence

from parsers.pdf.columns import aligned_table, segments
from parsers.pdf.grids import grids, ruled_table
from parsers.pdf.lines import Line
from parsers.pdf.markers import is_list_marker
from parsers.pdf.page import Rule, Word
from parsers.pdf.table import Table, bands
from schemas.documents import Box

Item = Line | Table

_MIN_ROWS = 3
_MIN_GAP_EM = 1.0
_SAME_EDGE_PT = 4.0
_LEADER = ". . ."


def with_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Item]:
    """Return the lines of one page, with every table as one item. No word is lost."""
    items: list[Item] = list(lines)
    for grid in grids(rules):
        inside = _inside(items, grid.box)
        table = ruled_table(grid, inside, lines[0].page) if inside else None
        if table is not None:
            items = _replaced(items, inside, table)
    for box in _rule_pairs(rules):
        inside = _inside(items, box)
        rows = bands(inside)
        table = aligned_table(rows, lines[0].page) if len(rows) >= 2 else None
        if table is not None and len(table.rows) >= 2:
            items = _replaced(items, inside, table)
    return _with_aligned(items)


def _inside(items: Iterable[Item], box: Box) -> list[Word]:
    return [
        word
        for item in items
        if isinstance(item, Line)
        for word in item.words
        if box.left - 2 <= (word.left + word.right) / 2 <= box.right + 2
        and box.top - 2 <= (word.top + word.bottom) / 2 <= box.bottom + 2
    ]


def _replaced(items: Iterable[Item], words: Iterable[Word], table: Table) -> list[Item]:
    """Return the items with `table` in the place of its first word, and without its words."""
    taken = {id(word) for word in words}
    result: list[Item] = []
    placed = False
    for item in items:
        if isinstance(item, Table):
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
            result.append(Line(rest, item.page))
    return result


def _rule_pairs(rules: Iterable[Rule]) -> list[Box]:
    """Return the areas from the first to the last of level rules of one width, as in printed tables."""
    stacks: list[list[Rule]] = []
    for rule in sorted((r for r in rules if r.is_horizontal and r.right - r.left > 40), key=lambda r: r.top):
        for stack in stacks:
            above = stack[-1]
            if abs(above.left - rule.left) < _SAME_EDGE_PT and abs(above.right - rule.right) < _SAME_EDGE_PT:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [
        Box(stack[0].left, stack[0].top, stack[0].right, stack[-1].bottom)
        for stack in stacks
        if len(stack) >= 2
    ]


def _with_aligned(items: Sequence[Item]) -> list[Item]:
    """Return the items with runs of lines that share gaps made into tables."""
    result: list[Item] = []
    run: list[Line] = []
    for item in items:
        if isinstance(item, Line) and _is_row(item) and (not run or _follows(run[-1], item)):
            run.append(item)
            continue
        result.extend(_run_items(run))
        run = []
        if isinstance(item, Line) and _is_row(item):
            run = [item]
        else:
            result.append(item)
    result.extend(_run_items(run))
    return result


def _run_items(run: list[Line]) -> Sequence[Item]:
    if len(run) < _MIN_ROWS:
        return run
    table = aligned_table([line.words for line in run], run[0].page)
    if table is None or len(table.rows[0]) < 2:
        return run
    return [table]


def _is_row(line: Line) -> bool:
    if _LEADER in line.text or "....." in line.text:
        return False
    parts = segments(line.words, _MIN_GAP_EM)
    return len(parts) > 1 and not is_list_marker(" ".join(word.text for word in parts[0]))


def _follows(above: Line, below: Line) -> bool:
    leading = below.box.top - above.box.bottom
    return -0.5 * above.font.size <= leading <= 2.5 * above.font.size
