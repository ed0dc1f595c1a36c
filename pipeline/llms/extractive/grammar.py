"""Just enough English grammar to turn a plain statement into its question, and to decline all others."""

import re
from dataclasses import dataclass

from pipeline.llms.extractive.reading import Sentence

# How a question begins, with its mark or, as in headings, without one.
ASKS = re.compile(
    r"^(?:what|who|when|where|why|how|which|can|may|do|does|is|are|should|must)\b", re.IGNORECASE
)
_AUXILIARIES_TEXT = """
must may can should shall will is are was were
"""
AUXILIARIES = frozenset(_AUXILIARIES_TEXT.split())
_MODALS_TEXT = """
must may can should shall will
"""
MODALS = frozenset(_MODALS_TEXT.split())
_MAX_SUBJECT_WORDS = 12
_NOT_A_SUBJECT_TEXT = """
it they this these those that he she we you i there such one both some many most others here what which
who when if while after before in on at for with from to by as although because since however therefore
thus moreover furthermore otherwise then also and or but so not only unless until where whether during
under within without upon once instead even still yet again finally first second third next last please
note see another whoever whatever anyone nothing everything anything everyone nobody none its their his
her our your my all
"""
_NOT_A_SUBJECT = frozenset(_NOT_A_SUBJECT_TEXT.split())
_ONE_OF_SEVERAL = re.compile(
    r"an? (?:second|third|fourth)\b|the (?:other|next|same|latter|former|rest)\b|two |three |\d"
)
_FINITE_TEXT = """
is are was were has have had does do did says say said states state means mean shows show showed and/or
makes made gives gave takes took became become becomes remains must may can should shall will would could
might
"""
_FINITE = frozenset(_FINITE_TEXT.split())
_LINKS_TEXT = """
that which who whose where
"""
_LINKS = frozenset(_LINKS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement around its first auxiliary: `condition`, then `subject` `auxiliary` `rest`.

    `condition` is a leading adverbial without its comma, empty when there is none; `rest` has no full stop.
    """

    condition: str
    subject: str
    auxiliary: str
    rest: str
    negative: bool


def clause_of(sentence: Sentence) -> Clause | None:
    """Return the sentence as a clause, None where it is not plainly one."""
    text = sentence.text
    if not is_whole(text):
        return None
    condition, text = _condition(text[:-1])
    words = text.split(" ")
    position = next((at for at, word in enumerate(words) if word in AUXILIARIES), 0)
    subject, rest = " ".join(words[:position]), words[position + 1 :]
    if not position or not rest or not is_subject(subject):
        return None
    if _in_relative_clause(words[:position]):
        return None
    negative = rest[0] == "not"
    return Clause(condition, subject, words[position], " ".join(rest[1:] if negative else rest), negative)


def is_whole(text: str) -> bool:
    """Whether `text` is one well-formed statement that leans on nothing around it."""
    words = text.split(" ")
    balanced = text.count("(") == text.count(")") and text.count('"') % 2 == 0
    first = words[0].rstrip(",").lower()
    return (
        4 <= len(words) <= 60
        and text.endswith(".")
        and not text.endswith("..")
        and (text[0].isupper() or text[0] in '"“')
        and balanced
        and "|" not in text
        and (first not in _NOT_A_SUBJECT or first in _OPENERS)
        and not points_elsewhere(text)
    )


_OPENERS_TEXT = """
if when before after in on at during all within where unless once under for every
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())
_POINTING = re.compile(
    r"\b(?:this|these|above|below|as follows|the following|aforementioned|former|latter|see (?:also |the )?"
    r"(?:section|figure|table|chapter|appendix|annex|page))\b",
    re.IGNORECASE,
)


def points_elsewhere(text: str) -> bool:
    """Whether a sentence refers to something outside itself."""
    return _POINTING.search(text) is not None


def _condition(text: str) -> tuple[str, str]:
    """Split off `If ...,` and its like."""
    first = text.partition(" ")[0].lower()
    if first not in _OPENERS or first in ("all", "every"):
        return "", text
    head, comma, tail = text.partition(", ")
    return (head, tail) if comma and len(head.split()) <= 16 else ("", text)


def is_subject(phrase: str) -> bool:
    """Whether `phrase` can be the subject of a question: a noun phrase without a verb or comma of its own."""
    words = [word.lower() for word in phrase.split()]
    return (
        0 < len(words) <= _MAX_SUBJECT_WORDS
        and not _ONE_OF_SEVERAL.match(phrase.lower())
        and words[0] not in _NOT_A_SUBJECT
        and not words[0].endswith("ly")
        and not re.search(r"[,;:()\[\]\"“”?!–—]", phrase)
        and not words[-1].endswith("ly")
        and words[-1] not in _NOT_A_SUBJECT
        and not any(word in _FINITE for word in words)
    )


def _in_relative_clause(before: list[str]) -> bool:
    """Whether the auxiliary right after these words belongs to a relative clause, as in `a ship that is`."""
    return bool(before) and before[-1].lower() in _LINKS


def asked(clause: Clause, subject: str, rest: str) -> str:
    """Return the clause inverted, as it stands after a question word."""
    negation = " not" if clause.negative else ""
    return f"{clause.auxiliary} {subject}{negation} {rest}".strip()
