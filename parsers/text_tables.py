"""Tables drawn with characters, as programs print them and people type them."""

import re
from itertools import pairwise

from parsers.tables import markdown_table

_BORDER = re.compile(r"\+(?:[-=]+\+)+")  # +-----+-----+
_RULE = re.compile(
    r"\|?[ ]*:?[-=]{3,}:?[ ]*(?:[|+][ ]*:?[-=]{3,}:?[ ]*)+\|?|\|[ ]*:?-{3,}:?[ ]*\|"
)  # ---+---
_DASHES = re.compile(r"[ ]*[-=]{2,}(?:[ ]+[-=]{2,})+[ ]*")  # ----  ----
_MOST_LINES = 20_000


def text_table(part: str) -> str | None:
    """Return a paragraph that is a table as Markdown, None for any other."""
    if not 2 <= part.count("\n") < _MOST_LINES:
        return None
    lines = [line.rstrip() for line in part.expandtabs(8).split("\n")]
    rows = _bordered(lines) or _piped(lines) or _dashed(lines)
    return markdown_table(rows) if rows and len(rows) > 1 and len(rows[0]) > 1 else None


def _bordered(lines: list[str]) -> list[list[str]]:
    """Return the rows between borders: a line each, or several where every row has a border below it."""
    if not lines[0].lstrip().startswith("+"):
        return []
    inner = [line.strip() for line in lines]
    borders = [index for index, line in enumerate(inner) if _BORDER.fullmatch(line)]
    if len(borders) < 2 or borders[0] != 0 or borders[-1] != len(inner) - 1:
        return []
    between = [inner[start + 1 : end] for start, end in pairwise(borders)]
    if not all(line.startswith("|") and line.endswith("|") for group in between for line in group):
        return []
    if len(borders) <= 3:
        return [_cells(line) for group in between for line in group]
    return [_merged([_cells(line) for line in group]) for group in between if group]


def _piped(lines: list[str]) -> list[list[str]]:
    """Return the rows of lines with bars, the second of which is a rule."""
    inner = [line.strip() for line in lines]
    if not _RULE.fullmatch(inner[1]) or not all("|" in line for line in (inner[0], *inner[2:])):
        return []
    return [_cells(line) for line in (inner[0], *inner[2:])]


def _dashed(lines: list[str]) -> list[list[str]]:
    """Return the rows of columns that dashes below their names mark out."""
    if not _DASHES.fullmatch(lines[1]):
        return []
    starts = [found.start() for found in re.finditer(r"[-=]+", lines[1])]
    rows = [lines[0], *lines[2:]]
    if any(line[start - 1 : start].strip() for line in rows for start in starts[1:]):
        return []  # words run over where a column begins
    ends = [*starts[1:], None]
    return [[line[start:end].strip() for start, end in zip(starts, ends, strict=True)] for line in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]


def _merged(lines: list[list[str]]) -> list[str]:
    """Return one row of what stands in several lines."""
    width = max(map(len, lines))
    columns = ([line[column] for line in lines if column < len(line)] for column in range(width))
    return [" ".join(filter(None, column)) for column in columns]
