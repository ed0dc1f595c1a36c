"""What styles say of paragraphs, lists and tables, through the chain of styles that each is based on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.odf.names import FO, PRESENTATION, STYLE, TABLE, TEXT

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 20
_TITLES = {"title": 1, "subtitle": 2}
_CAPTIONS = frozenset({"caption", "illustration", "figure", "table", "drawing"})
_CODE = re.compile(r"code|preformatted|source|listing|verbatim", re.I)
_HEADING = re.compile(r"heading (\d{1,2})")
_SPACE = re.compile(r"_20_")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style makes of a paragraph. `level` is a heading's from 1, 0 for what is none."""

    level: int = 0
    caption: bool = False
    code: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is labelled: no `form` and no `bullet` is no label."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown_levels: int = 1
    bullet: bool = False


class Styles:
    """All styles of a document by name; the same name in the content goes before that in the styles' part."""

    def __init__(self, roots: Iterable["_Element"]) -> None:
        self._styles: dict[tuple[str, str], _Element] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._resolved: dict[str, Style] = {}
        self.outline: dict[int, Level] = {}
        self.language: str | None = None
        for root in roots:
            for element in root.iter(f"{STYLE}style"):
                key = (element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", ""))
                self._styles.setdefault(key, element)
            for element in root.iter(f"{TEXT}list-style"):
                self._lists.setdefault(element.get(f"{STYLE}name", ""), _levels(element))
            for element in root.iter(f"{TEXT}outline-style"):
                self.outline = self.outline or _levels(element)
            self.language = self.language or _language(root)

    def paragraph(self, name: str | None) -> Style:
        """Return what a style makes of a paragraph."""
        if not name:
            return Style()
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def is_hidden(self, family: str, name: str | None) -> bool:
        """Whether what has this style is not shown: a run of text, a sheet, a slide."""
        for element in self._chain(family, name or ""):
            for part in element:
                if "none" in (part.get(f"{TEXT}display"), part.get(f"{STYLE}display")):
                    return True
                if (
                    part.get(f"{TABLE}display") == "false"
                    or part.get(f"{PRESENTATION}visibility") == "hidden"
                ):
                    return True
        return False

    def list_levels(self, name: str | None) -> dict[int, Level]:
        """Return how a list's levels are labelled, by their number from 1."""
        return self._lists.get(name or "", {})

    def _chain(self, family: str, name: str) -> list["_Element"]:
        chain: list[_Element] = []
        while (element := self._styles.get((family, name))) is not None and len(chain) < _DEEPEST:
            chain.append(element)
            name = element.get(f"{STYLE}parent-style-name", "")
        return chain

    def _resolve(self, name: str) -> Style:
        chain = self._chain("paragraph", name)
        names = [_SPACE.sub(" ", element.get(f"{STYLE}name", "")).lower() for element in chain]
        if chain and (parent := chain[-1].get(f"{STYLE}parent-style-name")):
            names.append(_SPACE.sub(" ", parent).lower())
        names = names or [_SPACE.sub(" ", name).lower()]
        levels = (
            _TITLES.get(one) or (int(named[1]) if (named := _HEADING.fullmatch(one)) else 0) for one in names
        )
        return Style(
            level=min(next(filter(None, levels), 0), 6),
            caption=any(one in _CAPTIONS for one in names),
            code=any(_CODE.search(one) for one in names),
            hidden=self.is_hidden("paragraph", name),
        )


def _levels(element: "_Element") -> dict[int, Level]:
    found = {}
    for part in element:
        level = number(part.get(f"{TEXT}level"), 0)
        if str(part.tag).endswith("-bullet") or str(part.tag).endswith("-image"):
            found[level] = Level(bullet=True)
        elif level:
            found[level] = Level(
                form=part.get(f"{STYLE}num-format", ""),
                before=part.get(f"{STYLE}num-prefix", ""),
                after=part.get(f"{STYLE}num-suffix", ""),
                start=number(part.get(f"{TEXT}start-value"), 1),
                shown_levels=number(part.get(f"{TEXT}display-levels"), 1),
            )
    return found


def number(text: str | None, default: int) -> int:
    """Return a whole number that a file states, bounded, or the default."""
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def _language(root: "_Element") -> str | None:
    for default in root.iter(f"{STYLE}default-style"):
        if default.get(f"{STYLE}family") in ("paragraph", "graphic", "table-cell"):
            for part in default.iter(f"{STYLE}text-properties"):
                if re.fullmatch("[a-z]{2}", code := part.get(f"{FO}language", "")):
                    return code
    return None
