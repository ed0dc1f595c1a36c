"""Numbers as tables write them, exact."""

import re
from dataclasses import dataclass
from decimal import Decimal

_FOOTNOTE = re.compile(r"(?:\s?(?:\*{1,3}|[†‡§¹²³⁴-⁹]+|\[\w{1,3}\]))+$")
_CELL = re.compile(
    r"^(?P<open>\()?\s?(?P<sign>[-−–+])?\s?(?P<before>US\$|[$€£¥₹]|(?:EUR|USD|GBP|CHF|JPY)(?=\s?\d))?\s?(?P<sign2>[-−–])?"
    r"(?P<digits>\d[\d.,'’\u00a0\u202f\u2009 ]*)(?P<close>\))?\s?"
    r"(?P<after>%|[€$£]|[^\W\d_][^\W\d_]{0,14}[²³]?(?:[ /][^\W\d_]{1,12}[²³]?)?|°\s?C?)?(?P<close2>\))?$"
)
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|(?:to|and|or|of|st|nd|rd|th)\b",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"^\d{1,3}(?:G\d{3})+$")
_COMMA_LANGUAGES_TEXT = """
de fr es it pt nl id vi pl sv da fi nb no cs tr ru uk el ro hu bg
"""
_COMMA_LANGUAGES = frozenset(_COMMA_LANGUAGES_TEXT.split())
_MAX_CELL_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number from a cell. `grouping` is its thousands mark, empty without one; `unit` stands beside it."""

    value: Decimal
    decimals: int
    grouping: str
    unit: str = ""
    unit_before: bool = False


def read_numeral(cell: str, language: str = "en") -> Numeral | None:
    """Return the number that a cell holds, None for text, codes, phone numbers and ranges.

    Footnote marks at the end are passed over, and a number in parentheses is negative. The language decides
    what a comma means.
    """
    if len(cell) > _MAX_CELL_CHARACTERS:
        return None
    match = _CELL.match(_FOOTNOTE.sub("", cell.strip()))
    if not match or bool(match["open"]) != bool(match["close"] or match["close2"]):
        return None
    decoded = _decoded(match["digits"].strip(), language.partition("-")[0] in _COMMA_LANGUAGES)
    if decoded is None or (match["before"] and match["after"]) or _MONTH.match(match["after"] or ""):
        return None
    number, grouping = decoded
    negative = bool(match["open"]) or (match["sign"] or match["sign2"] or "+") != "+"
    decimals = max(0, -int(number.as_tuple().exponent))
    unit = (match["before"] or match["after"] or "").strip()
    return Numeral(-number if negative else number, decimals, grouping, unit, bool(match["before"]))


def _decoded(digits: str, comma_decimals: bool) -> tuple[Decimal, str] | None:
    decimal = "," if comma_decimals else "."
    whole, mark, fraction = digits.partition(decimal)
    grouping = next((mark for mark in whole if not mark.isdigit()), "")
    same = _GROUPED.match(whole.replace(grouping, "G")) if grouping else whole
    leading_zero = len(whole) > 1 and whole.startswith("0")
    if (
        not same
        or leading_zero
        or (mark and not fraction.isdecimal())
        or (not digits.isascii() and not grouping)
    ):
        return None
    bare = "".join(character for character in whole if character.isdecimal())
    return Decimal(f"{bare}.{fraction}" if fraction else bare), grouping


def shown(value: Decimal, decimals: int, grouping: str, language: str = "en") -> str:
    """Return `value` with so many decimals, in the manner of the table it comes from."""
    text = f"{round_half_up(value, decimals):,.{decimals}f}"
    decimal = "," if language.partition("-")[0] in _COMMA_LANGUAGES else "."
    return text.replace(",", "G").replace(".", decimal).replace("G", grouping)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Return `value` rounded as people round: halves away from zero."""
    from decimal import ROUND_HALF_UP

    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
