"""How the rows and columns of a table are called inside a question."""

import re

from pipeline.llms.extractive.grid import Grid
from pipeline.llms.extractive.reading import Reading
from pipeline.llms.extractive.series import is_year
from pipeline.llms.extractive.wording import noun_inside, quoted

_MEASURE_COLUMN = re.compile(
    r"^(?:indicators?|measures?|metrics?|figures?|key figures?|kpis?|quantity|item|year|)$", re.IGNORECASE
)
_TAIL = re.compile(r" (?:per|of|in|by|for|at|on|with|to|from) ")
_MAX_LABEL_WORDS = 5


def measure_name(name: str, unit: str, reading: Reading) -> str:
    """Return a column's name as a noun phrase without article; bare plurals are counted."""
    words = noun_inside(name, reading)
    head = _TAIL.split(words)[0].split(" ")[-1]
    is_count = not unit and head.endswith("s") and not head.endswith("ss")
    return f"number of {words}" if is_count and not words.startswith("number ") else words


def measure_phrase(name: str, unit: str, reading: Reading) -> str:
    """Return a column's name with its article, in quotes where it reads like no noun phrase."""
    if re.search(r"[^\w\s%&/'’.-]", name) or len(name.split()) > 6:
        return f"the figure for {quoted(name)}"
    return f"the {measure_name(name, unit, reading)}"


def subject_phrase(grid: Grid, subject: str, unit: str, reading: Reading) -> str:
    """Return what a row of a table with years as columns counts."""
    if unit or (_MEASURE_COLUMN.match(grid.header.cells[0]) and not grid.caption):
        return measure_phrase(subject, unit, reading)
    return f"the figure for {_label(subject, reading)}"


def row_noun(grid: Grid, reading: Reading) -> str:
    """Return what the rows are, as in `berth`; empty where the header does not say."""
    header = grid.header.cells[0]
    if not re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){0,2}", header) or is_year(header):
        return ""
    return noun_inside(header, reading)


def label_phrase(grid: Grid, label: str, reading: Reading) -> str:
    """Return a row's label as it stands after `for`; a bare number takes the name of its column with it."""
    if is_year(label):
        return label
    if re.fullmatch(r"[A-Z]?\d{0,3}[A-Za-z]?", label):
        noun = row_noun(grid, reading)
        return f"{noun} {label}" if noun else ""
    return _label(label, reading)


def _label(label: str, reading: Reading) -> str:
    if len(label.split()) > _MAX_LABEL_WORDS or re.search(r"[^\w\s'’.&/-]", label) or label[0].isdigit():
        return quoted(label)
    return (
        noun_inside(label, reading)
        if label.count(" ") == 0 and label.endswith("s")
        else _as_written(label, reading)
    )


def _as_written(label: str, reading: Reading) -> str:
    first, space, rest = label.partition(" ")
    is_name = any(word[:1].isupper() for word in rest.split()) or re.search(r"\d", rest)
    common = first.lower() in reading.words and first not in reading.names
    return f"{first.lower()}{space}{rest}" if common and not is_name and not first.isupper() else label
