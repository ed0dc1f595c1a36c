"""How a question is worded: where its fact stands, in several ways, and always so that it stands alone."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.llms.extractive.reading import Reading

T = TypeVar("T")
_LEANING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|such|above|below|aforesaid|"
    r"aforementioned|herein|hereof|thereof|therein|former|latter|following|we|us|our|said|respectively)\b"
)
_COMMON_ENDING = re.compile(
    r"(?:[^su]s|ing|tion|ment|ity|ness|age|ance|ence|ship|al|ent|ed|ic|ive|ous|able|ible)$"
)
_OF_A_PLACE = re.compile(r"(?:an|ish|ese)$")
_MAX_QUESTION_CHARACTERS = 260
_FRAMES = (
    "According to {place}, {question}?",
    "{Question}, according to {place}?",
    "Based on {place}, {question}?",
    "In {place}, {question}?",
)
_PLAIN_WORDS_TEXT = """
a an the all any each every no some both either neither most many few several another other total annual
average maximum minimum number when if before after unless where while until once during in on at for
from to by with under within without as what which who whom whose why how
"""
_PLAIN_WORDS = frozenset(_PLAIN_WORDS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands, as it is named inside a question."""

    document: str
    section: str = ""
    table: str = ""

    @property
    def whole(self) -> str:
        """The document alone."""
        return self.document

    @property
    def exact(self) -> str:
        """The table or section within the document, where they have names."""
        if self.table:
            return f'the table "{self.table}" in {self.document}'
        return f'the section "{self.section}" of {self.document}' if self.section else self.document


def pick(choices: Sequence[T], seed: str) -> T:
    """Return one of `choices`, always the same one for the same seed."""
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    return choices[int.from_bytes(digest[:4], "big") % len(choices)]


def framed(question: str, place: str) -> str:
    """Return a full question from one without capital and question mark, which a place makes stand alone."""
    frame = pick(_FRAMES, question + place)
    if len(question) > 110 and frame.startswith("{Question}"):
        frame = _FRAMES[0]
    return frame.format(place=place, question=question, Question=capitalised(question))


def capitalised(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def inside(phrase: str, reading: Reading) -> str:
    """Return a phrase that starts a sentence or cell as it is written inside one.

    A first word loses its capital when it is a function word or when the passage writes it small too;
    names and acronyms keep theirs.
    """
    first, space, rest = phrase.partition(" ")
    if not first[:1].isupper() or any(character.isupper() for character in first[1:]):
        return phrase
    small = first[0].lower() + first[1:]
    bare = re.sub(r"\W+$", "", small)
    is_common = bare in _PLAIN_WORDS or (
        first not in reading.names and (bare in reading.words or _reads_common(first, rest, reading))
    )
    return f"{small}{space}{rest}" if is_common else phrase


def _reads_common(first: str, rest: str, reading: Reading) -> bool:
    """Whether a word that only ever starts a sentence looks like a common one: by its ending, or a plural."""
    if rest[:1].isupper() or first in reading.names or _OF_A_PLACE.search(first):
        return False
    is_compound = rest.islower() and rest.endswith("s") and not rest.endswith("ss")
    return is_compound or _COMMON_ENDING.search(first) is not None


def noun_inside(phrase: str, reading: Reading) -> str:
    """Return the name of a column or key as it is written inside a sentence: common words small.

    Words whose small form the passage never uses keep their capital after the first, as names do.
    """
    words = phrase.split(" ")
    return " ".join(_small(word, position == 0, reading) for position, word in enumerate(words))


def _small(word: str, first: bool, reading: Reading) -> str:
    bare = re.sub(r"\W", "", word)
    if not word[:1].isupper() or any(character.isupper() for character in word[1:]):
        return word
    small = word[0].lower() + word[1:]
    known = bare.lower() in reading.words or bare.lower() in _PLAIN_WORDS
    return small if known or (first and bare not in reading.names) else word


def stands_alone(question: str) -> bool:
    """Whether a question points at nothing outside itself, and has a length that a person would write."""
    outside_quotes = re.sub(r'"[^"]*"', '""', question)
    return len(question) <= _MAX_QUESTION_CHARACTERS and not _LEANING.search(outside_quotes.lower())


def quoted(text: str) -> str:
    """Return `text` in quotation marks, its own ones made single."""
    return '"' + text.replace('"', "'").replace("“", "'").replace("”", "'") + '"'


def shuffled(items: Sequence[T], key: Callable[[T], str]) -> list[T]:
    """Return the items in an order that only their content decides."""
    return sorted(items, key=lambda item: hashlib.sha256(key(item).encode("utf-8", "replace")).digest())
