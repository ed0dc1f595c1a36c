"""Formulas on web pages as one line of text, once: as TeX where the page has it, else in linear form."""

import re
from typing import TYPE_CHECKING

from parsers.html.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

_DISPLAY = re.compile(r"^\{?\\(?:display|text)style\s*(?P<formula>.*?)\}?$", re.S)
_TEX = ("application/x-tex", "tex", "latex", "application/x-latex")
_NO_CONTENT = ("annotation", "annotation-xml")


def formula(math: "_Element") -> str:
    """Return a MathML formula as the TeX that it was made of, else as `a/b`, `x^2`, `√(x)`."""
    for part in math.iter("annotation"):
        if (part.get("encoding") or "").lower() in _TEX and part.text:
            return _plain(part.text)
    stated = math.get("alttext") or ""
    if stated.strip():
        return _plain(stated)
    try:
        return _linear(math)
    except RecursionError:  # hundreds of rows in rows: nobody reads that as a formula
        return words(math)


def _plain(tex: str) -> str:
    """Return TeX without the size that it is set in."""
    tex = " ".join(tex.split())
    shown = _DISPLAY.match(tex)
    return shown["formula"].strip() if shown else tex


def _linear(element: "_Element") -> str:
    """Return what a MathML element shows, in one line."""
    parts = [part for part in element if part.tag not in _NO_CONTENT]
    match element.tag, parts:
        case "mfrac", [above, below]:
            return f"{_group(above)}/{_group(below)}"
        case "msup" | "mover", [base, script]:
            return f"{_group(base)}^{_group(script)}"
        case "msub" | "munder", [base, script]:
            return f"{_group(base)}_{_group(script)}"
        case "msubsup" | "munderover", [base, below, above]:
            return f"{_group(base)}_{_group(below)}^{_group(above)}"
        case "msqrt", _:
            return f"√({_joined(parts)})"
        case "mroot", [base, degree]:
            return f"({_linear(degree)})√({_linear(base)})"
        case "mtable", _:
            return f"[{'; '.join(map(_linear, parts))}]"
        case "mtr", _:
            return " ".join(map(_linear, parts))
        case _:
            return " ".join((element.text or "").split()) + _joined(parts)


def _joined(parts: "list[_Element]") -> str:
    return "".join(map(_linear, parts))


def _group(element: "_Element") -> str:
    """Return an element's text in brackets, where it is more than one symbol or number."""
    text = _linear(element)
    return text if len(text) <= 1 or text.isalnum() else f"({text})"
