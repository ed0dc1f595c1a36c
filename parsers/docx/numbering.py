"""The labels of numbered paragraphs, counted as Word counts them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.docx.names import VAL, W

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = {
    1000: "m",
    900: "cm",
    500: "d",
    400: "cd",
    100: "c",
    90: "xc",
    50: "l",
    40: "xl",
    10: "x",
    9: "ix",
    5: "v",
    4: "iv",
    1: "i",
}


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: "_Element | None") -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        if root is None:
            return
        for element in root.iterchildren(f"{W}abstractNum"):
            self._abstract[element.get(f"{W}abstractNumId", "")] = _List(_levels(element))
        for element in root.iterchildren(f"{W}num"):
            self._lists[element.get(f"{W}numId", "")] = self._list(element)

    def label(self, list_id: str, level: int) -> str | None:
        """Count one paragraph, and return its label: `- `, `2. `, `1.2.1 `; None for no list at all."""
        numbered = self._lists.get(list_id)
        if numbered is None:
            return None
        level = min(max(level, 0), _LEVELS - 1)
        own = numbered.levels.get(level, _Level())
        counts = numbered.counts
        counts[level] = counts[level] + 1 if level in counts else own.start
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        if own.form == "bullet":
            return "- "
        if own.form == "none" or not own.text.strip():
            return ""
        return _PLACE.sub(lambda place: self._count(numbered, int(place[1]) - 1), own.text).strip() + " "

    def _list(self, element: "_Element") -> _List:
        found = element.find(f"{W}abstractNumId")
        base = self._abstract.get("" if found is None else found.get(VAL, ""), _List())
        changes = element.findall(f"{W}lvlOverride")
        if not changes:
            return base
        levels = dict(base.levels)
        for change in changes:
            index = _number(change.get(f"{W}ilvl"), 0)
            start = change.find(f"{W}startOverride")
            if (level := change.find(f"{W}lvl")) is not None:
                levels[index] = _level(level)
            elif start is not None:
                known = levels.get(index, _Level())
                levels[index] = _Level(known.form, known.text, _number(start.get(VAL), 1))
        return _List(levels)

    @staticmethod
    def _count(numbered: _List, level: int) -> str:
        own = numbered.levels.get(level, _Level())
        return _FORMS.get(own.form, str)(numbered.counts.get(level, own.start))


def _levels(element: "_Element") -> dict[int, _Level]:
    return {_number(level.get(f"{W}ilvl"), 0): _level(level) for level in element.iterchildren(f"{W}lvl")}


def _level(element: "_Element") -> _Level:
    def value(name: str, default: str) -> str:
        found = element.find(f"{W}{name}")
        return default if found is None else found.get(VAL, default)

    return _Level(value("numFmt", "decimal"), value("lvlText", ""), _number(value("start", "1"), 1))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def letters(number: int) -> str:
    """Return a, b, ... z, aa, bb: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20) if number > 0 else ""


def roman(number: int) -> str:
    """Return a number in small Roman figures."""
    parts = []
    number = min(number, 10_000)
    for value, sign in _ROMAN.items():
        parts.append(sign * (number // value))
        number %= value
    return "".join(parts)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
}
