"""English numbers in words, and the scale words of several languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_SMALL_WORDS.split())} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS_WORDS.split())
}
_BIG = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_ALONE = {"half": 0.5, "dozen": 12.0, "twice": 2.0, "double": 2.0, "triple": 3.0, "once": 1.0}
SCALES: dict[str, float] = {
    "hundred": 100.0,
    "thousand": 1e3, "thousands": 1e3, "k": 1e3, "tausend": 1e3, "mille": 1e3, "mil": 1e3, "ribu": 1e3,
    "million": 1e6, "millions": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "millionen": 1e6, "millones": 1e6,
    "milhões": 1e6, "milioni": 1e6, "juta": 1e6, "triệu": 1e6, "m": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "mrd": 1e9, "milliarden": 1e9, "milliards": 1e9,
    "miliar": 1e9, "tỷ": 1e9,
    "lakh": 1e5, "crore": 1e7,
    "trillion": 1e12, "trillions": 1e12, "tn": 1e12,
}  # fmt: skip
_WORD = "|".join(sorted([*_VALUES, *_BIG], key=len, reverse=True))
_SPELLED = re.compile(
    rf"(?<![\w-])(?:(?:{_WORD})(?:(?:[ -]|\sand\s)(?:{_WORD}))*|{'|'.join(_ALONE)})(?![\w-]*\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words and its place."""

    value: float
    start: int
    end: int


def spelled_numbers(text: str) -> Iterator[Spelled]:
    """Yield the English numbers written in words, as in `twenty-five thousand`."""
    for match in _SPELLED.finditer(text):
        words = re.findall(r"[a-z]+", match[0].lower())
        yield Spelled(_value([word for word in words if word != "and"]), *match.span())


def _value(words: list[str]) -> float:
    if words[0] in _ALONE:
        return _ALONE[words[0]]
    total, group = 0, 0
    for word in words:
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in _BIG:
            total, group = total + max(group, 1) * _BIG[word], 0
        else:
            group += _VALUES[word]
    return float(total + group)
