"""Whether two short answers mean the same: numbers with units, dates, sets and names."""

import re

from pipeline.facts.numbers import Number, numbers
from pipeline.facts.words import content_stems, words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_NEGATION_WORDS = """
no not never none neither nor without cannot nicht kein keine ne pas non não nunca tidak không
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_YES = frozenset({"yes", "no"})
_LEAST_SHARED = 0.6

Date = tuple[int, int, int]


def same_answer(left: str, right: str) -> bool:
    """Return whether two answers to one question agree.

    Dates and numbers must be the same ones, in any order and notation, when the coarser of two numbers may
    have been rounded. Answers without either must share most of their
    words, in any order. A negation in one alone parts them.
    """
    left_dates, left_rest = _without_dates(left)
    right_dates, right_rest = _without_dates(right)
    left_numbers, right_numbers = numbers(left_rest), numbers(right_rest)
    if left_dates != right_dates or not _same_numbers(left_numbers, right_numbers):
        return False
    if _is_negated(left) != _is_negated(right):
        return False
    counted = bool(left_dates or left_numbers)
    return counted or _same_words(left_rest, right_rest)


def _same_numbers(left: tuple[Number, ...], right: tuple[Number, ...]) -> bool:
    rest = list(right)
    for number in left:
        match = next((other for other in rest if number.same_as(other)), None)
        if match is None:
            return False
        rest.remove(match)
    return not rest


def _same_words(left: str, right: str) -> bool:
    first, second = words(left)[:1], words(right)[:1]
    if first and second and first[0] in _YES and second[0] in _YES:
        return first == second
    mine, theirs = content_stems(left), content_stems(right)
    if not mine or not theirs:
        return words(left) == words(right)
    return len(mine & theirs) / len(mine | theirs) >= _LEAST_SHARED


def _is_negated(text: str) -> bool:
    return bool(_NEGATIONS & set(words(text)))


def _without_dates(text: str) -> tuple[set[Date], str]:
    dates: set[Date] = set()

    def note(match: re.Match[str]) -> str:
        found = match.groupdict()
        month = _MONTHS.index(found["month"].casefold()) + 1 if found.get("month") else int(found["number"])
        dates.add((int(found["year"]), month, int(found["day"])))
        return " "

    for pattern in _DATES:
        text = pattern.sub(note, text)
    return dates, text
