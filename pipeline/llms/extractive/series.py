"""The numbers of a table that belong together: one measure, one unit, no totals among its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.llms.extractive.grid import Grid, Row
from pipeline.llms.extractive.numerals import Numeral, read_numeral, shown

_YEAR = re.compile(r"^(?:FY\s?)?(?:1[5-9]|20)\d\d(?:[/–-]\d{2,4})?$")
_TOTAL = re.compile(
    r"\b(?:totals?|sum|subtotal|averages?|mean|overall|all|grand|gesamt|summe)\b", re.IGNORECASE
)
_CODES = re.compile(
    r"\b(?:id|no|nr|number|code|ref|reference|phone|telephone|tel|fax|year|postcode|zip|date|page|version|"
    r"channel|chapter|section|clause|rank|position|extension|time|class|grade|level|#)\.?$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s*[\[(](?P<unit>[^()\[\]]{1,24})[\])]\s*$")
_MEASURES = re.compile(
    r"^(?:in )?(?:%|[€$£]|EUR|USD|GBP|CHF|TEU|k?m|nm|cm|mm|m²|m2|m³|ha|km²|k?g|t|tonnes?|kt|l|litres?|s|"
    r"min|h|hours?|days?|pounds|euros|dollars|"
    r"ms|µs|us|ns|milliseconds?|microseconds?|weeks?|months?|years?|minutes?|seconds?|knots?|kn|°C|°|kW|"
    r"MW|GW|kWh|MWh|GWh|V|A|bar|dB|MB|GB|"
    r"(?:[€$£]\s?)?(?:thousand|million|billion|thousands|millions)(?: [\w€$£]+)?|"
    r"[€$£] ?[mk]n?|(?:EUR|USD|GBP) \w+)$"
)


@dataclass(frozen=True, slots=True)
class Point:
    """One number with what it stands for. `written` is the bare number, in the table's own manner."""

    label: str
    value: Decimal
    written: str
    row: Row


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one measure. `over_time` says that labels are years, in order.

    `measure` names what is counted, empty where only the table's caption does; `subject` is the row that a
    series along columns belongs to.
    """

    measure: str
    subject: str
    unit: str
    unit_before: bool
    points: tuple[Point, ...]
    over_time: bool
    decimals: int
    grouping: str

    def amount(self, value: Decimal, decimals: int | None = None) -> str:
        """Return a computed value with its unit."""
        text = shown(value, self.decimals if decimals is None else decimals, self.grouping)
        return with_unit(text, self.unit, self.unit_before)

    def gap(self, value: Decimal) -> str:
        """Return the difference of two values with its unit: that of percentages is in points."""
        if self.unit == "%":
            return f"{shown(value, self.decimals, self.grouping)} percentage points"
        return self.amount(value)


def with_unit(number: str, unit: str, before: bool = False) -> str:
    """Return a number with its unit where people write it."""
    if not unit:
        return number
    if before:
        return f"{unit}{number}" if len(unit) == 1 else f"{unit} {number}"
    return f"{number}%" if unit == "%" else f"{number} {unit}"


def split_unit(header: str) -> tuple[str, str]:
    """Return a header's name and the unit that stands behind it in brackets, empty where none does."""
    match = _UNIT.search(header)
    if not match or not _MEASURES.match(match["unit"]):
        return header, ""
    return header[: match.start()].rstrip(), match["unit"].removeprefix("in ")


def is_year(text: str) -> bool:
    """Whether a label is a year."""
    return _YEAR.match(text) is not None


def caption_unit(caption: str) -> str:
    """Return the unit that a caption names for its whole table, as in `Income, thousand pounds`."""
    for part in re.split(r"[,;(]\s*", caption)[1:]:
        words = part.strip(" )").removeprefix("in ")
        if re.match(r"(?:per cent|percent|percentage|%)", words):
            return "%"
        if _MEASURES.match(words):
            return words
    return ""


def is_total(label: str) -> bool:
    """Whether a row or column holds no part but the whole, or an average."""
    return _TOTAL.search(label) is not None


def is_code(name: str) -> bool:
    """Whether numbers under this name are labels, so that nothing may be computed from them."""
    return _CODES.search(name) is not None and not name.lower().startswith("number of ")


def series_of(grid: Grid, language: str = "en") -> Iterator[Series]:
    """Yield the grid's columns, and its rows where the columns are years."""
    if sum(is_year(name) for name in grid.header.cells[1:]) >= 2:
        yield from _along_rows(grid, language)
    elif len(grid.rows) >= 2 and len(set(grid.column(0))) == len(grid.rows):
        yield from _down_columns(grid, language)


def _down_columns(grid: Grid, language: str) -> Iterator[Series]:
    for at, header in enumerate(grid.header.cells):
        name, unit = split_unit(header)
        if at == 0 or is_year(header) or is_code(name) or is_total(name):
            continue
        cells = [(row.cells[0], row.cells[at], row) for row in grid.rows if not is_total(row.cells[0])]
        series = _series(cells, name, "", unit or caption_unit(grid.caption), language)
        if series is not None:
            yield series


def _along_rows(grid: Grid, language: str) -> Iterator[Series]:
    columns = [at for at, name in enumerate(grid.header.cells) if at and is_year(name)]
    for row in grid.rows:
        subject, unit = split_unit(row.cells[0])
        cells = [(grid.header.cells[at], row.cells[at], row) for at in columns]
        series = (
            _series(cells, "", subject, unit or caption_unit(grid.caption), language) if subject else None
        )
        if series is not None:
            yield series


def _series(
    cells: list[tuple[str, str, Row]], measure: str, subject: str, unit: str, language: str
) -> Series | None:
    read = [
        (label, cell, numeral, row) for label, cell, row in cells if (numeral := read_numeral(cell, language))
    ]
    if len(read) < 2 or len(read) < len(cells):
        return None
    numerals = [numeral for _, _, numeral, _ in read]
    if len({numeral.unit for numeral in numerals}) > 1 or (unit and numerals[0].unit not in ("", unit)):
        return None
    if all(is_year(cell) for _, cell, _, _ in read):
        return None
    grouping = next((numeral.grouping for numeral in numerals if numeral.grouping), "")
    points = tuple(Point(label, n.value, _bare(n, language), row) for label, _, n, row in read)
    over_time = all(is_year(point.label) for point in points)
    if over_time and [p.label for p in points] != sorted(p.label for p in points):
        points = points[::-1]
    return Series(
        measure, subject, unit or numerals[0].unit, numerals[0].unit_before and not unit, points, over_time,
        max(numeral.decimals for numeral in numerals), _grouping(grouping, numerals),
    )  # fmt: skip


def _bare(numeral: Numeral, language: str) -> str:
    return shown(numeral.value, numeral.decimals, numeral.grouping, language)


def _grouping(seen: str, numerals: list[Numeral]) -> str:
    """Return the thousands mark: the one seen, else a comma unless large numbers stand without one."""
    return seen or ("" if any(abs(numeral.value) >= 1000 for numeral in numerals) else ",")
