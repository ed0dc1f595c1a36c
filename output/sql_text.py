"""The answer to a query, for people and for programs."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice

import orjson

from output.sql import Answer

# So many rows decide the columns' widths; what is wider is cut, and whole in JSON and CSV.
_HEAD_ROWS = 1000
_MAX_WIDTH = 60


def table_lines(answer: Answer) -> Iterator[str]:
    """Yield a table: names, a rule, rows, numbers to the right, and how many rows there are."""
    head = list(islice(answer.rows, _HEAD_ROWS))
    cells = [[_cell(value) for value in row] for row in head]
    widths = [max(map(len, column)) for column in zip(answer.columns, *cells, strict=True)]
    numbers = [all(_is_number(row[n]) for row in head) for n in range(len(widths))]
    yield _line(answer.columns, widths, numbers)
    yield "  ".join("-" * width for width in widths)
    count = 0
    for row in chain(cells, ([_cell(value) for value in row] for row in answer.rows)):
        count += 1
        yield _line(row, widths, numbers)
    yield f"({count:,} row{'' if count == 1 else 's'})"


def json_lines(answer: Answer) -> Iterator[str]:
    """Yield a JSON object per row."""
    for row in answer.rows:
        named = dict(zip(answer.columns, row, strict=True))
        yield orjson.dumps(named, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def csv_lines(answer: Answer) -> Iterator[str]:
    """Yield the names and the rows as RFC 4180 writes them; what is nested is JSON."""
    for row in chain([answer.columns], answer.rows):
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow([_plain(value) for value in row])
        yield text.getvalue()


def _line(cells: Sequence[str], widths: list[int], numbers: list[bool]) -> str:
    columns = zip(cells, widths, numbers, strict=True)
    padded = (cell.rjust(width) if number else cell.ljust(width) for cell, width, number in columns)
    return "  ".join(padded).rstrip()


def _cell(value: object) -> str:
    """Return a value in one line of bounded width."""
    text = f"{value:.4g}" if isinstance(value, float) else _plain(value)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _MAX_WIDTH else f"{text[: _MAX_WIDTH - 1]}…"


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))
