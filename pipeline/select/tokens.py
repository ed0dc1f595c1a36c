"""Texts as compact sets of word numbers, with those words marked that a duplicate may not change."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.facts.words import MARKS

_TOKEN = re.compile(
    rf"[.!?:;,।॥\n]|(?<![\w.])-?\d+(?:[.,]\d+)*|\d+|[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?:['’]t\b)?"
)
_NEGATION_WORDS = """
not no never none neither nor cannot without except unless nothing nobody hardly only false nicht kein
keine keinen nie ohne außer pas jamais sans sauf ne aucun nunca sin ni ningún não sem nem nenhum non mai
senza né nessuno tidak bukan belum tanpa kecuali không chưa hindi wala huwag नहीं न बिना لا ليس لم لن
بدون غير ไม่
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_LITTLE_WORDS = """
a an the of to in at by for from with as is are was were be been do does did has have had and or that
this it its what which who when where how why will would per
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
_ARTICLE_WORDS = "the a an der die das den dem le la les el los las il lo gli"
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_ENDS = frozenset(".!?:;,।॥\n")
_SENTENCE_ENDS = _ENDS - {","}
BREAK = 2**32 - 1
NAME = 2**31


@dataclass(frozen=True, slots=True)
class TokenSet:
    """A text's distinct words as sorted numbers, four bytes each.

    `hard` are those that make the fact: figures and what they count, names and negations. `figures` is
    equal for texts with equal figures. `order` is the text as it runs, without articles: a number for each
    word, from `NAME` on for each name, however many words it has, and `BREAK` after each sentence.
    """

    words: bytes
    hard: bytes
    figures: int
    order: bytes


class Vocabulary:
    """Numbers words in the order in which they are met, and counts the texts that hold each."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._spellings: list[str] = []
        self.texts_with = array("I")
        self.texts = 0

    def add(self, text: str) -> TokenSet:
        """Return the words of `text`, and count them."""
        every: set[int] = set()
        hard: set[int] = set()
        figures: set[int] = set()
        order = _Order()
        starts, counted, has_names = True, False, not text.isupper()
        for token in _TOKEN.findall(text):
            if token in _ENDS:
                starts, counted = token in _SENTENCE_ENDS, False
                order.end(sentence=starts)
                continue
            number, plain = self._number_of(token), token.casefold()
            is_figure = token[-1].isdigit()
            is_little = plain in _LITTLE
            is_capital = has_names and token[0].isupper()
            if plain not in _ARTICLES:
                order.add(number, is_name=is_capital and not is_little)
            if not is_little:
                every.add(number)
                if is_figure or counted or (is_capital and not starts) or plain in _NEGATIONS:
                    hard.add(number)
            if is_figure:
                figures.add(number)
            elif plain.endswith(("n't", "n’t")):
                hard.add(self._number_of("not"))
            starts, counted = False, is_figure
        every |= hard
        for number in every:
            self.texts_with[number] += 1
        self.texts += 1
        return TokenSet(
            _packed(sorted(every)), _packed(sorted(hard)), hash(frozenset(figures)), order.packed()
        )

    def numbers_of(self, words: Iterable[str]) -> frozenset[int]:
        """Return the numbers of those `words` that any text holds."""
        return frozenset(self._ids[key] for key in map(_key, words) if key in self._ids)

    def spelling(self, number: int) -> str:
        """Return the word with this number."""
        return self._spellings[number]

    def _number_of(self, token: str) -> int:
        key = _key(token)
        number = self._ids.setdefault(key, len(self._ids))
        if number == len(self.texts_with):
            self.texts_with.append(0)
            self._spellings.append(key)
        return number


class _Order:
    """Words as they run. The words of one name become one number, so that names can be told to swap."""

    def __init__(self) -> None:
        self._numbers = array("I")
        self._in_name = False

    def add(self, number: int, *, is_name: bool) -> None:
        """Append a word, to the name before it where both are capitalised."""
        if is_name and self._in_name:
            self._numbers[-1] = NAME + hash((self._numbers[-1], number)) % (NAME - 1)
        else:
            self._numbers.append(NAME + number if is_name else number)
        self._in_name = is_name

    def end(self, *, sentence: bool) -> None:
        """Note a mark after which no name goes on."""
        self._in_name = False
        if sentence:
            self._numbers.append(BREAK)

    def packed(self) -> bytes:
        """Return the numbers, four bytes each."""
        return self._numbers.tobytes()


def unpacked(numbers: bytes) -> frozenset[int]:
    """Return the word numbers in one of a `TokenSet`'s fields."""
    return frozenset(array("I", numbers))


def _packed(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()


def _key(token: str) -> str:
    """Return what two spellings of one word share: no case, no plural, no grouping of thousands."""
    if token[-1].isdigit():
        return re.sub(r",(?=\d{3})", "", token) if "," in token else token
    word = token.casefold()
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word
