"""The cells of a sheet as text, row by row. Only cells that are there are held, wherever they stand."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from parsers.encoding import clean
from parsers.sheets import Row
from parsers.xlsx.formats import NumberFormat, number_format
from schemas.errors import UnreadableDocument

if TYPE_CHECKING:
    from lxml.etree import _Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL, _VALUE, _FORMULA, _INLINE, _TEXT, _RUN = (f"{S}{name}" for name in ("c", "v", "f", "is", "t", "r"))
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class CellFormats:
    """How numbers are shown."""

    def __init__(self, styles: bytes | None, *, starts_1904: bool) -> None:
        self._epoch = datetime(1904, 1, 1) if starts_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._known: dict[int, NumberFormat] = {}
        root = _root(styles)
        if root is None:
            return
        for element in root.iter(f"{S}numFmt"):
            self._codes[_integer(element.get("numFmtId"))] = element.get("formatCode", "")
        formats = root.find(f"{S}cellXfs")
        for element in formats if formats is not None else ():
            self._formats.append(_integer(element.get("numFmtId")))

    def shown(self, number: str, style: int) -> str:
        """Return a stored number as a reader sees it."""
        try:
            value = float(number)
        except ValueError:
            return number
        if style not in self._known:
            self._known[style] = self._format(style)
        known = self._known[style]
        if known.date:
            return self._date(value)
        shown = known.shown(value)
        if shown is not None:
            return shown
        if known.share:
            return f"{value * 100:.12g}%"
        return f"{value:.15g}" if abs(value) < 1e15 else number

    def _format(self, style: int) -> NumberFormat:
        format_id = self._formats[style] if 0 <= style < len(self._formats) else 0
        return number_format(format_id, self._codes.get(format_id, ""))

    def _date(self, value: float) -> str:
        try:
            moment = self._epoch + timedelta(seconds=round(value * 86400))
        except OverflowError:
            return f"{value:.15g}"
        if 0 <= value < 1:
            return moment.strftime("%H:%M:%S")
        return moment.strftime("%Y-%m-%d" if value == int(value) else "%Y-%m-%d %H:%M:%S")


def shared_strings(content: bytes | None) -> list[str]:
    """Return the workbook's table of strings."""
    root = _root(content)
    return [] if root is None else [_string(item) for item in root.iterchildren(f"{S}si")]


def sheet_rows(content: bytes, strings: Sequence[str], formats: CellFormats, uri: str) -> Iterator[Row]:
    """Yield the rows of a sheet that hold something, as they stand in the file."""
    from lxml import etree

    content = content.replace(_STRICT, S[1:-1].encode()) if _STRICT in content[:4096] else content
    number = 0
    stream = etree.iterparse(
        BytesIO(content), tag=f"{S}row", huge_tree=True, resolve_entities=False, no_network=True
    )
    try:
        for _, row in stream:
            number = _integer(row.get("r")) or number + 1
            cells = dict(_cells(row, strings, formats))
            row.clear()
            while (before := row.getprevious()) is not None:
                row.getparent().remove(before)
            if cells:
                yield Row(number, cells)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(uri, "damaged", f"a sheet is no XML: {error.msg}") from error


def _cells(row: "_Element", strings: Sequence[str], formats: CellFormats) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        if cell.tag != _CELL:
            continue
        place = _REFERENCE.fullmatch(cell.get("r", ""))
        column = _column(place[1]) if place else column + 1
        if text := " ".join(_text(cell, strings, formats).split()):
            yield column, text


def _text(cell: "_Element", strings: Sequence[str], formats: CellFormats) -> str:
    """Return what a cell shows. A sheet has millions of them: its few parts are looked through once."""
    kind = cell.get("t", "n")
    parts = {part.tag: part for part in cell}
    if kind == "inlineStr":
        return _string(parts[_INLINE]) if _INLINE in parts else ""
    if _VALUE not in parts:
        formula = parts[_FORMULA].text if _FORMULA in parts else None
        return f"={formula}" if formula else ""
    stored = parts[_VALUE].text or ""
    if kind == "s":
        index = _integer(stored)
        return strings[index] if index < len(strings) else ""
    if kind == "b":
        return "TRUE" if stored == "1" else "FALSE"
    return formats.shown(stored, _integer(cell.get("s"))) if kind == "n" else clean(stored)


def _string(item: "_Element") -> str:
    """Return a rich string's text, without the readings above Asian characters."""
    runs = (run.findtext(_TEXT) if run.tag == _RUN else run.text for run in item if run.tag in (_TEXT, _RUN))
    return clean("".join(filter(None, runs)))


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _root(content: bytes | None) -> "_Element | None":
    from parsers.ooxml.package import xml_tree

    return None if content is None else xml_tree(content, "", "a part of the workbook")
