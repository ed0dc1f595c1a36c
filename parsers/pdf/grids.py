"""Tables with ruled cells."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from parsers.pdf.page import Rule
from parsers.pdf.table import Table, bands, cell_text
from parsers.pdf.words import Word
from schemas.documents import Box

_TOUCH_PT = 3.0
_MAX_RULES = 3_000


class Grid(NamedTuple):
    """Upright and level lines that cross each other. `xs` and `ys` are the places of lines, ascending."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]

    @property
    def box(self) -> Box:
        """The grid's outline."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Return every grid of at least two cells that the rules draw."""
    if len(rules) > _MAX_RULES:
        return []
    found = (_grid(group) for group in _touching(rules))
    return [grid for grid in found if grid is not None]


def ruled_table(grid: Grid, words: Sequence[Word], page: int) -> Table | None:
    """Return the table of the words inside of `grid`, None when it has but one row or one column."""
    cells: dict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        column, row = _between(grid.xs, (word.left + word.right) / 2), _between(grid.ys, _middle(word))
        cells[_merged(grid, row, column)].append(word)
    if len(cells) < 2:
        return None
    columns = range(len(grid.xs) - 1)
    rows: list[tuple[str, ...]] = []
    for row in range(len(grid.ys) - 1):
        rows.extend(_texts([cells.get((row, column), []) for column in columns]))
    kept = tuple(row for row in rows if any(row))
    if len(kept) < 2:
        return None
    used = _without_empty_columns(kept)
    return Table(used, page, grid.box) if len(used[0]) > 1 else None


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _between(edges: tuple[float, ...], place: float) -> int:
    return min(max(bisect_right(edges, place) - 1, 0), len(edges) - 2)


def _merged(grid: Grid, row: int, column: int) -> tuple[int, int]:
    """Return the first cell of the merged cell that (row, column) is a part of.

    What is level with it is looked for in its own column: the first may be beyond the grid's true edge.
    """
    middle_y = (grid.ys[row] + grid.ys[row + 1]) / 2
    first = column
    while first and not _crosses(grid.upright, grid.xs[first], middle_y):
        first -= 1
    while row and not _lies(grid.level, grid.ys[row], grid.xs[column], grid.xs[column + 1]):
        row -= 1
    return row, first


def _crosses(upright: Iterable[Rule], x: float, y: float) -> bool:
    return any(
        abs((rule.left + rule.right) / 2 - x) <= _TOUCH_PT and rule.top - 1 <= y <= rule.bottom + 1
        for rule in upright
    )


def _lies(level: Iterable[Rule], y: float, left: float, right: float) -> bool:
    middle = (left + right) / 2
    return any(
        abs((rule.top + rule.bottom) / 2 - y) <= _TOUCH_PT and rule.left - 1 <= middle <= rule.right + 1
        for rule in level
    )


def _texts(cells: list[list[Word]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows in one row of a grid: several when its lines of text stand in step in all columns."""
    stacks = [bands(words) for words in cells]
    counts = {len(stack) for stack in stacks}
    if len(counts) == 1 and counts.pop() > 1 and len(stacks) > 1 and _in_step(stacks):
        for row in zip(*stacks, strict=True):
            yield tuple(cell_text(words) for words in row)
    else:
        yield tuple(cell_text(words) for words in cells)


def _in_step(stacks: list[list[list[Word]]]) -> bool:
    """Whether a column of figures shows that each line is a row of its own."""
    figures = [all(any(map(str.isdigit, cell_text(words))) for words in stack) for stack in stacks]
    return len(stacks[0]) > 1 and any(figures)


def _without_empty_columns(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    used = [any(column) for column in zip(*rows, strict=True)]
    return tuple(tuple(cell for cell, keep in zip(row, used, strict=True) if keep) for row in rows)


def _grid(group: list[Rule]) -> Grid | None:
    level = tuple(rule for rule in group if rule.is_horizontal)
    upright = tuple(rule for rule in group if not rule.is_horizontal)
    if len(level) < 2 or not upright:
        return None
    xs = _places([(r.left + r.right) / 2 for r in upright] + [e for r in level for e in (r.left, r.right)])
    ys = _places([(r.top + r.bottom) / 2 for r in level] + [e for r in upright for e in (r.top, r.bottom)])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    return Grid(xs, ys, level, upright)


def _places(edges: list[float]) -> tuple[float, ...]:
    """Return the edges, those closer than the thickness of a line as one."""
    merged: list[float] = []
    for edge in sorted(edges):
        if not merged or edge - merged[-1] > _TOUCH_PT:
            merged.append(edge)
    return tuple(merged)


def _touching(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Yield the groups of rules that hang together, each in a fixed order."""
    parents = list(range(len(rules)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    order = sorted(range(len(rules)), key=lambda index: rules[index].top)
    active: list[int] = []
    for index in order:
        rule = rules[index]
        active = [other for other in active if rules[other].bottom + _TOUCH_PT >= rule.top]
        for other in active:
            if rules[other].left - _TOUCH_PT <= rule.right and rule.left - _TOUCH_PT <= rules[other].right:
                parents[root(index)] = root(other)
        active.append(index)
    groups: dict[int, list[Rule]] = defaultdict(list)
    for index in order:
        groups[root(index)].append(rules[index])
    yield from groups.values()
