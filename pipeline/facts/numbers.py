"""The numbers in a text, with their sizes, units and places."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.number_words import SCALES, spelled_numbers
from pipeline.facts.units import NO_UNIT, Unit, unit_named

_GAPS = "\u00a0\u202f\u2009 "
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d{{1,3}}(?:[{_GAPS}'’]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
)
_BEFORE = re.compile(
    r"(?P<minus>[-−]\s?)?(?P<unit>US\$|R\$|[$€£¥₹฿₫₱]|\b(?:USD|EUR|GBP|CHF|JPY|INR|Rp)\s?)?(?P<sign>[-−])?$"
)
_AFTER = re.compile(
    rf"(?P<ordinal>(?:st|nd|rd|th)\b|[ºª])?[{_GAPS}-]?(?P<word>km/h|m/s|[%٪€£¥₹฿₫₱¢]|°\s?[CF]?|[^\W\d_]+[²³23]?)?"
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it stands in a text.

    `value` is in the base unit of its dimension, with its scale word in it: "2 hours" is 7200 of
    dimension `time`, "$1.2 million" 1,200,000 of `usd`; a percentage keeps its written size. `written`
    is the bare number. `step` is the size of one in the last written digit, in units of `value`.
    """

    value: float
    dimension: str
    written: float
    step: float
    start: int
    end: int

    def same_as(self, other: "Number") -> bool:
        """Whether both state one quantity, when the coarser one may have been rounded."""
        if self.dimension and other.dimension and self.dimension != other.dimension:
            return False
        if self.dimension == other.dimension:
            return close(self.value, other.value, 0.0)
        return close(self.value, other.value, 0.0) or close(self.written, other.written, 0.0)


def close(left: float, right: float, step: float) -> bool:
    """Whether two values agree within half of `step`, or within the error of floating point."""
    return abs(left - right) <= max(step * 0.5000001, 1e-9 * max(abs(left), abs(right)))


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers in `text` in reading order: digits of any script, and English number words.

    Codes such as `AB-12`, `1.2.3` and `x86` are names, not numbers.
    """
    plain = _ascii_digits(text)
    found = list(_written_in_digits(plain))
    taken = {place for number in found for place in range(number.start, number.end)}
    found += (number for number in _written_in_words(plain) if number.start not in taken)
    return tuple(sorted(found, key=lambda number: number.start))


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and c > "\x7f" else c for c in text)


def _written_in_digits(text: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(text):
        bare = _bare(match["digits"])
        if bare is None or _is_code(text, match.start(), match.end()):
            continue
        before = _BEFORE.search(text, max(0, match.start() - 8), match.start())
        after = _AFTER.match(text, match.end())
        yield _number(bare, before, after, match)


def _number(
    bare: tuple[float, float], before: re.Match[str] | None, after: re.Match[str] | None, match: re.Match[str]
) -> Number:
    size, step = bare
    start, end = match.span()
    unit, scale = NO_UNIT, 1.0
    if before and before["unit"]:
        unit, start = unit_named(before["unit"].strip()) or NO_UNIT, before.start("unit")
    text = match.string
    word = after["word"] if after and not after["ordinal"] else None
    if after and word and _is_scale(word, unit):
        scale, end = SCALES[word.casefold()], after.end()
        after = _AFTER.match(text, end)
        word = after["word"] if after else None
    named = unit_named(word.replace(" ", "")) if word else None
    if named and after and unit is NO_UNIT and not _is_preposition(text, after, word or ""):
        unit, end = named, after.end()
    negative = bool(before and (before["sign"] or _is_minus(text, before)))
    return _sized(-size if negative else size, step, scale, unit, start, end)


def _is_scale(word: str, unit: Unit) -> bool:
    """Whether a word scales the number before it; `m` does so for money only, and is a metre elsewhere."""
    return word.casefold() in SCALES and (unit is not NO_UNIT or word not in ("m", "mm"))


def _sized(size: float, step: float, scale: float, unit: Unit, start: int, end: int) -> Number:
    factor = scale * unit.factor
    return Number(size * factor, unit.dimension, size, step * factor, start, end)


def _is_minus(text: str, before: re.Match[str]) -> bool:
    """Whether the dash in front is a sign, and neither a range nor a hyphen."""
    if not before["minus"]:
        return False
    left = text[: before.start("minus")].rstrip()[-1:]
    return not (left.isalnum() or (left and left in ")%"))


def _is_preposition(text: str, after: re.Match[str], word: str) -> bool:
    """Whether a one-letter unit is no unit: `5 a day`, or a letter that starts a name."""
    return len(word) == 1 and word in "atmshlvwg" and text[after.end() : after.end() + 1] in ("'", "’")


def _is_code(text: str, start: int, end: int) -> bool:
    """Whether the digits belong to a longer code, as in `AB-12` or `12AB34`."""
    left = text[max(0, start - 2) : start]
    if len(left) == 2 and left[1] in "-/_#" and left[0].isalpha():
        return True
    tail = re.match(r"[A-Za-z]+\d", text[end : end + 12])
    return bool(tail) or (left[-1:] == "#")


def _bare(digits: str) -> tuple[float, float] | None:
    """Return size and step of digits with their separators, None for a version or a date."""
    text = re.sub(rf"[{_GAPS}'’]", "", digits)
    marks = [mark for mark in text if mark in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            return None
        text = text.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif len(marks) > 1:
        if not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
            return None
        text = text.replace(marks[0], "")
    elif marks == [","]:
        text = text.replace(",", "" if re.fullmatch(r"[1-9]\d{0,2},\d{3}", text) else ".")
    if len(text) > 40:
        return None
    decimals = len(text.partition(".")[2])
    return float(text), 10.0**-decimals


def _written_in_words(text: str) -> Iterator[Number]:
    for spelled in spelled_numbers(text):
        after = _AFTER.match(text, spelled.end)
        unit = (unit_named(after["word"]) if after and after["word"] else None) or NO_UNIT
        end = after.end() if after and unit is not NO_UNIT else spelled.end
        yield _sized(spelled.value, 1.0, 1.0, unit, spelled.start, end)
