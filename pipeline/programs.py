"""Small programs over a table, run by an evaluator of our own that can do arithmetic and nothing else."""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from schemas.documents import BlockKind, Passage

Value: TypeAlias = "float | str | bool | list[Value]"
_MOST_NODES = 400
_MOST_STEPS = 30
_LARGEST_POWER = 100
_SEPARATOR = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class ProgramError(ValueError):
    """A program that cannot be run, and why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's header and rows, as text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """Return the cells below `name`, in order."""
        return [row[self._place(name)] for row in self.rows]

    def cell(self, row: str, column: str) -> str:
        """Return the cell of the row that starts with `row`, below `column`."""
        found = [cells for cells in self.rows if _same(cells[0], row)]
        if len(found) != 1:
            raise ProgramError(f"{len(found)} rows start with {row!r}")
        return found[0][self._place(column)]

    def quoted_in(self, text: str) -> "Table":
        """Return the table with those of its rows that are lines of `text`."""
        lines = {_without_empty_end(_cells(line)) for line in text.splitlines()}
        return replace(self, rows=tuple(row for row in self.rows if _without_empty_end(row) in lines))

    def _place(self, name: str) -> int:
        found = [place for place, title in enumerate(self.header) if _same(title, name)]
        if len(found) != 1:
            raise ProgramError(f"{len(found)} columns are called {name!r}")
        return found[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a program, and what it came to."""

    line: str
    value: Value


def table_from_markdown(text: str) -> Table | None:
    """Return the table that `text` is, None where it has no header with rows as wide."""
    lines = [_cells(line) for line in text.splitlines() if line.strip() and not _SEPARATOR.match(line)]
    if len(lines) < 2 or not lines[0]:
        return None
    width = len(lines[0])
    return Table(lines[0], tuple((*row, *[""] * (width - len(row)))[:width] for row in lines[1:]))


def tables_in(passage: Passage) -> Iterator[tuple[Passage, Table]]:
    """Yield each whole table of `passage` as a passage of its own, with its contents."""
    for block in passage.blocks:
        table = (
            table_from_markdown(passage.document.block_text(block)) if block.kind is BlockKind.TABLE else None
        )
        if table is not None:
            yield replace(passage, start=block.start, end=block.end), table


def run(program: Sequence[str], table: Table) -> tuple[Step, ...]:
    """Return the steps of `program`: assignments or expressions, the last of which is the result.

    Numbers, names assigned before, arithmetic, comparisons, lists, and these functions: `cell(row, column)`,
    `column(name)`, `sum`, `min`, `max`, `mean`, `count`, `abs`, `round`, `largest(labels, values)` and
    `smallest(labels, values)`.

    Raises:
        ProgramError: it holds anything else, or cannot be computed.
    """
    if not 0 < len(program) <= _MOST_STEPS:
        raise ProgramError(f"{len(program)} steps")
    names: dict[str, Value] = {}
    steps = []
    for line in program:
        target, expression = _parsed(line)
        try:
            value = _Evaluation(table, names).value(expression)
        except (ArithmeticError, TypeError, ValueError, RecursionError) as error:
            raise ProgramError(f"{line}: {error}") from error
        if target:
            names[target] = value
        steps.append(Step(line.strip(), value))
    return tuple(steps)


def shown(value: Value) -> str:
    """Return a value as it is written in an answer: at most four decimals, thousands parted by commas."""
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    rounded = round(value, 4)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.4f}".rstrip("0")


def _parsed(line: str) -> tuple[str, ast.expr]:
    try:
        tree = ast.parse(line.strip(), mode="exec")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ProgramError(f"{line}: not an expression") from error
    if len(tree.body) != 1 or sum(1 for _ in ast.walk(tree)) > _MOST_NODES:
        raise ProgramError(f"{line}: not one short expression")
    statement = tree.body[0]
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    if isinstance(statement, ast.Expr):
        return "", statement.value
    raise ProgramError(f"{line}: neither an expression nor an assignment to one name")


class _Evaluation:
    """Evaluates one expression."""

    def __init__(self, table: Table, names: Mapping[str, Value]) -> None:
        self._names = names
        self._functions: dict[str, Callable[..., Value]] = {
            "cell": lambda row, column: _read(table.cell(str(row), str(column))),
            "column": lambda name: [_read(cell) for cell in table.column(str(name)) if cell.strip()],
            "sum": lambda values: sum(_numbers(values)),
            "min": lambda values: min(_numbers(values)),
            "max": lambda values: max(_numbers(values)),
            "mean": lambda values: sum(_numbers(values)) / len(_numbers(values)),
            "count": lambda values: float(len(values)),
            "abs": lambda value: abs(_number(value)),
            "round": lambda value, digits=0.0: round(_number(value), int(_number(digits))),
            "largest": lambda labels, values: _at(labels, values, max),
            "smallest": lambda labels, values: _at(labels, values, min),
        }

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | str() as constant):
                return constant
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return _flat([self.value(item) for item in items])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -_number(self.value(operand))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
                return self._binary(sign, _number(self.value(left)), _number(self.value(right)))
            case ast.Compare(left=left, ops=[sign], comparators=[right]):
                return _compared(sign, self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in self._functions:
                return self._functions[name](*(self.value(argument) for argument in arguments))
        raise ProgramError(f"{ast.unparse(node)} is not allowed")

    def _binary(self, sign: ast.operator, left: float, right: float) -> float:
        if isinstance(sign, ast.Pow) and abs(right) > _LARGEST_POWER:
            raise ProgramError("the power is too large")
        return _number(_BINARY[type(sign)](left, right))


def _flat(items: list[Value]) -> list[Value]:
    """Refuse lists of lists: no function takes them, and a few steps could nest them beyond all memory."""
    if any(isinstance(item, list) for item in items):
        raise ProgramError("a list holds no lists")
    return items


def _compared(sign: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(sign, ast.Eq):
        return left == right
    if isinstance(sign, ast.NotEq):
        return left != right
    if type(sign) not in _COMPARISONS:
        raise ProgramError("comparison is not allowed")
    return _COMPARISONS[type(sign)](_number(left), _number(right))


def _at(labels: Value, values: Value, pick: Callable[[list[float]], float]) -> Value:
    found = _numbers(values)
    if not isinstance(labels, list) or len(labels) != len(found):
        raise ProgramError("as many labels as values are needed")
    best = pick(found)
    if found.count(best) > 1:
        raise ProgramError("more than one row has that value")
    return labels[found.index(best)]


def _numbers(values: Value) -> list[float]:
    if not isinstance(values, list) or not values:
        raise ProgramError("a list of numbers is needed")
    return [_number(value) for value in values]


def _number(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise ProgramError(f"{value!r} is not a number")
    return float(value)


def _read(cell: str) -> Value:
    """Return a cell's number where it holds exactly one, else its text."""
    found = _NUMBER.findall(cell.replace("\u00a0", "").replace("\u202f", ""))
    letters = re.sub(r"[^\W\d_]", "", cell)
    is_number = len(found) == 1 and len(cell) - len(letters) <= 4
    return float(found[0].replace(",", "").replace("−", "-")) if is_number else cell.strip()


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    filled = [place for place, cell in enumerate(cells, 1) if cell]
    return tuple(cells[: filled[-1]]) if filled else ()


def _same(left: str, right: str) -> bool:
    return " ".join(left.split()).casefold() == " ".join(right.split()).casefold()
