"""How the rows and columns of a table are called inside a question."""

import re

from pipeline.llms.extractive.grid import Grid
from pipeline.llms.extractive.reading import Reading
from pipeline.llms.extractive.series import is_year
from pipeline.llms.extractive.wording import noun_inside, quoted

_MEASURE_COLUMN = re.compile(
    r"^(?:indicators?|measures?|metrics?|figures?|key figures?|kpis?|quantity|item|year|)$", re.IGNORECASE
)
_TAIL = re.compile(r" (?:per|out of|of|in|by|for|at|on|with|to|from) ")
_PROPERTY = re.compile(
    r"\b(?:length|depth|width|height|size|area|weight|capacity|draught|age|diameter|volume|mass|value)$",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(r"^[\w%&'’.-]+(?: [\w%&'’.-]+){0,5}$")
_NO_NOUN = re.compile(
    r"^(?:ours|mine|yours|his|hers|theirs|both|none|others?)$|"
    r"^(?:valid|due|open|built|available|free|long|wide|deep|high|old|new|active|since|until|from|to)$|"
    r"\b(?:vs|not|is|are|was|has|have|can|must)\b|"
    r"^(?:paid|sold|(?!speed|need|feed|seed)\w+[^e]ed|\w+wn)\b|[a-z]s (?!of\b|per\b|in\b)[a-z]+ed$",
    re.IGNORECASE,
)
_MAX_LABEL_WORDS = 5


def measure_name(name: str, unit: str, reading: Reading) -> str:
    """Return a column's name as a noun phrase without article; bare plurals are counted.

    A plural with a unit would ask for a verb in the plural, so it becomes a share or a figure.
    """
    words = noun_inside(name, reading)
    head = _TAIL.split(words)[0].split(" ")[-1]
    if not head.endswith("s") or head.endswith("ss") or words.startswith(("number ", "share ")):
        return words
    return f"{'figure for' if unit not in ('', '%') else 'share of' if unit else 'number of'} {words}"


def measure_phrase(name: str, unit: str, reading: Reading) -> str:
    """Return a column's name with its article, in quotes where it reads like no noun phrase."""
    if not _NOUN_PHRASE.match(name) or _NO_NOUN.search(name):
        return f"the figure for {quoted(name)}"
    return f"the {measure_name(name, unit, reading)}"


def is_entity(name: str, reading: Reading) -> bool:
    """Whether a column is named after one of several things, as in `Route 2`, and not after a measure."""
    words = name.split()
    capitals = [word for word in words if word[:1].isupper() and word[1:].islower()]
    named = any(word in reading.names and word.lower() not in reading.words for word in capitals)
    return (
        bool(re.search(r"\b\d+$", name))
        or named
        or (len(capitals) > 1 and words[-1].lower() not in reading.words)
    )


def column_phrase(name: str, unit: str, reading: Reading) -> str:
    """Return what a column counts; one named after a thing counts what its table does."""
    if is_entity(name, reading):
        return f"the figure under {quoted(name)}"
    return measure_phrase(name, unit, reading)


def preposition(name: str) -> str:
    """Return `of` before the bearer of a property, `for` otherwise."""
    return "of" if _PROPERTY.search(name) else "for"


def subject_phrase(grid: Grid, subject: str, unit: str, reading: Reading) -> str:
    """Return what a row of a table with years as columns counts."""
    if unit or (_MEASURE_COLUMN.match(grid.header.cells[0]) and (grid.header.cells[0] or not grid.caption)):
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
    """Return a label as written inside a sentence: names keep their capital, odd labels stand in quotes."""
    if len(label.split()) > _MAX_LABEL_WORDS or re.search(r"[^\w\s'’.&/-]", label) or label[0].isdigit():
        return quoted(label)
    first = label.split(" ")[0]
    is_name = first in reading.names or not first[1:].islower() or re.search(r"[A-Z\d]", label[1:])
    small = label[0].lower() + label[1:]
    if is_name or (" " not in label and small not in reading.words):
        return label
    return small if label.endswith("s") and not label.endswith("ss") else quoted(label)
