"""What stands for an element within a line of text: formulas, notes' marks, raised digits, boxes to tick."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from parsers.html.mathematics import formula
from parsers.html.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

BREAK = "\v"  # no text holds one: decoding drops it
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_NUMBER = re.compile(r"\s*[+−-]?(?:\d+|n)\s*")
_MARK = re.compile(r"[\[(]?(?P<mark>\d{1,3}|[*†‡§])[\])]?")
_NOTE_MARK = re.compile(r"(?:^|[\s_-])(?:noteref|footnote-?refs?|doc-noteref)(?:[\s_-]|$)", re.I)
_NOTE_ATTRIBUTES = ("class", "role", "epub:type", "{http://www.idpf.org/2007/ops}type")
_FORMULA_PICTURE = re.compile(r"(?:^|[\s_-])(?:math|tex|latex|equation|formula)(?:[\s_-]|$)", re.I)
_SET_FORMULA = re.compile(r"(?:^|\s)(?:MathJax(?:_Preview|_Display|_SVG|_CHTML)?|mjx-chtml)(?:\s|$)")


def stand_in(element: "_Element") -> str | None:
    """Return the text that stands for an element with all it holds, None where its own text does."""
    make = _STAND_INS.get(element.tag)
    return make(element) if make else None


def note_names(element: "_Element") -> str:
    """Return what an element says of itself in the attributes that notes are told by."""
    return " ".join(filter(None, (element.get(name) for name in _NOTE_ATTRIBUTES)))


def _link(element: "_Element") -> str | None:
    """Return what a link to a note shows, in brackets, as notes begin with it."""
    names = note_names(element)
    named = "data-footnote-ref" in element.attrib or (names and _NOTE_MARK.search(names))
    raised = len(element) == 1 and element[0].tag == "sup" and not (element.text or "").strip()
    if not named and not (raised and "#" in (element.get("href") or "")):
        return None
    text = words(element)
    if not named:
        return _bracketed(text)
    return f"[{text}]" if text and not text.startswith(("[", "(")) else text or None


def _bracketed(text: str) -> str | None:
    found = _MARK.fullmatch(text)
    return f"[{found['mark']}]" if found else None


def _raised(element: "_Element") -> str | None:
    """Return a link to a note as its mark, and a number as raised digits: 10³ is not 103."""
    links = [part for part in element if part.tag == "a" and "#" in (part.get("href") or "")]
    if links:
        return _bracketed(words(element))
    text = element.text or ""
    return text.strip().translate(_RAISED) if not len(element) and _NUMBER.fullmatch(text) else None


def _script(element: "_Element") -> str | None:
    stated = (element.get("type") or "").startswith("math/tex")
    return " ".join((element.text or "").split()) if stated else None


def _set_formula(element: "_Element") -> str | None:
    """Return nothing for a formula that is set in type, where its source stands behind it."""
    if not _SET_FORMULA.search(element.get("class", "")):
        return None
    first = element.getnext()
    second = None if first is None else first.getnext()
    return "" if any(part is not None and _script(part) for part in (first, second)) else None


def _picture(element: "_Element") -> str | None:
    """Return the formula that a picture shows, unless it stands beside it as MathML."""
    if not _FORMULA_PICTURE.search(element.get("class", "")):
        return None
    beside = element.getprevious()
    return None if beside is not None and next(beside.iter("math"), None) is not None else element.get("alt")


def _box(element: "_Element") -> str | None:
    """Return a box of a list of tasks as Markdown has it."""
    if element.get("type") != "checkbox" or "disabled" not in element.attrib:
        return None
    return "[x] " if "checked" in element.attrib else "[ ] "


_STAND_INS: dict[object, Callable[["_Element"], str | None]] = {
    "a": _link,
    "br": lambda _: BREAK,
    "div": _set_formula,
    "img": _picture,
    "input": _box,
    "math": formula,
    "script": _script,
    "span": _set_formula,
    "sup": _raised,
}
