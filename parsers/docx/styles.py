"""What a paragraph's style says it is, through the chain of styles that it is based on."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.docx.names import VAL, W

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"heading (\d)")
_TITLES = {"title": 1, "subtitle": 2}
_LIST = re.compile(r"list(?: bullet| number| continue)? ([2-9])")
_CODE = re.compile(r"code|preformatted|source|listing|verbatim|macro", re.I)
_INDEX = re.compile(r"toc \d|toc heading|table of figures|index \d")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style makes of a paragraph. `level` is a heading's from 1, 0 for what is none.

    `list_level` is the level of its list, `depth` the nesting that its name tells: `List Bullet 2` is 1 deep.
    An `index` repeats what stands elsewhere: a line of a table of contents.
    """

    level: int = 0
    caption: bool = False
    code: bool = False
    list_id: str | None = None
    list_level: int = 0
    depth: int = 0
    index: bool = False


@dataclass(frozen=True, slots=True)
class _Stated:
    name: str
    based_on: str
    outline: int | None
    list_id: str | None
    list_level: int | None


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: "_Element | None") -> None:
        self._elements: dict[str, _Element] = {}
        self._resolved: dict[str, Style] = {}
        self.language: str | None = None
        self._default = ""
        for element in root.iterchildren(f"{W}style") if root is not None else ():
            if element.get(f"{W}type") == "paragraph":
                style_id = element.get(f"{W}styleId", "")
                self._elements[style_id] = element
                if element.get(f"{W}default") in ("1", "true"):
                    self._default = style_id
        if root is not None:
            self.language = _language(root)

    def get(self, style_id: str | None) -> Style:
        """Return what the style makes of a paragraph; the default style for None."""
        key = self._default if style_id is None else style_id
        if key not in self._resolved:
            self._resolved[key] = self._resolve(key)
        return self._resolved[key]

    def _resolve(self, style_id: str) -> Style:
        chain: list[_Stated] = []
        while (element := self._elements.get(style_id)) is not None and len(chain) < _DEEPEST:
            chain.append(_stated(element))
            style_id = chain[-1].based_on
        names = [stated.name for stated in chain]
        levels = [_level(stated) for stated in chain]
        return Style(
            level=next((level for level in levels if level is not None), 0),
            caption="caption" in names,
            code=any(_CODE.search(name) for name in names),
            list_id=next((stated.list_id for stated in chain if stated.list_id), None),
            list_level=next((stated.list_level for stated in chain if stated.list_level is not None), 0),
            index=any(_INDEX.fullmatch(name) for name in names),
            depth=max((int(named[1]) - 1 for name in names if (named := _LIST.fullmatch(name))), default=0),
        )


def _stated(element: "_Element") -> _Stated:
    return _Stated(
        name=(_value(element, "name") or "").lower(),
        based_on=_value(element, "basedOn") or "",
        outline=_number(_value(element, f"pPr/{W}outlineLvl")),
        list_id=_value(element, f"pPr/{W}numPr/{W}numId"),
        list_level=_number(_value(element, f"pPr/{W}numPr/{W}ilvl")),
    )


def _level(stated: _Stated) -> int | None:
    """Return a heading's level, 0 where a style says that it is none, None where it says nothing."""
    if named := _HEADING.fullmatch(stated.name):
        return min(int(named[1]) or 1, 6)
    if stated.name in _TITLES:
        return _TITLES[stated.name]
    if stated.outline is not None:
        return stated.outline + 1 if stated.outline < 6 else 0
    return None


def _value(element: "_Element", path: str) -> str | None:
    found = element.find(f"{W}{path}")
    return None if found is None else found.get(VAL)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


def _language(root: "_Element") -> str | None:
    found = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    code = "" if found is None else (found.get(VAL) or "").partition("-")[0].lower()
    return code if re.fullmatch("[a-z]{2}", code) else None
