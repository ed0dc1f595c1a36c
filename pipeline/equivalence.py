"""Whether two short answers mean the same: numbers with units, dates, sets and names."""

from pipeline.facts.dates import dated
from pipeline.facts.names import names
from pipeline.facts.negation import is_negated
from pipeline.facts.numbers import Number, numbers
from pipeline.facts.words import content_stems, words

_YES_WORDS = """
yes no ja nein oui non sí si sì sim não ya tidak oo hindi có không हाँ हां नहीं नही نعم لا
"""
_YES = frozenset(_YES_WORDS.split())
_LEAST_SHARED = 0.6


def same_answer(left: str, right: str, language: str | None = None) -> bool:
    """Return whether two answers to one question, in `language`, agree.

    Dates and numbers must be the same ones, in any order and notation, when the coarser of two numbers may
    have been rounded; where there are such, the names must not all be others. Answers without either must
    share most of their words, in any order. A negation in one alone parts them.
    """
    left_dates, left_rest = dated(left)
    right_dates, right_rest = dated(right)
    left_numbers, right_numbers = numbers(left_rest), numbers(right_rest)
    if left_dates != right_dates or not _same_numbers(left_numbers, right_numbers):
        return False
    if is_negated(left) != is_negated(right):
        return False
    if left_dates or left_numbers:
        return not _other_names(left_rest, right_rest, language)
    return _same_words(left_rest, right_rest)


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


def _other_names(left: str, right: str, language: str | None) -> bool:
    """Return whether both name something, and nothing that the other does."""
    mine, theirs = (
        {word for name in names(text, language) for word in words(name.key)} for text in (left, right)
    )
    return bool(mine) and bool(theirs) and not mine & theirs
