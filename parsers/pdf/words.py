"""Words as they stand on a page, one by one and column by column."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, NamedTuple


class Font(NamedTuple):
    """How a word is set. `size` is in points on the page."""

    size: float
    bold: bool = False
    italic: bool = False
    mono: bool = False


class Word(NamedTuple):
    """Characters without white space between them, in points from the page's top left corner.

    `spaced` is whether white space stands before the word, `starts_line` whether PDFium saw a line begin.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    font: Font
    spaced: bool
    starts_line: bool


class Words(NamedTuple):
    """Many words, column by column: a page has hundreds, and few are ever looked at one by one."""

    texts: list[str]
    lefts: list[float]
    tops: list[float]
    rights: list[float]
    bottoms: list[float]
    fonts: list[Font]
    spaced: list[bool]
    starts_line: list[bool]

    @classmethod
    def of(cls, words: Sequence[Word]) -> "Words":
        """Return words, of which there is at least one, in columns."""
        return cls(*map(list, zip(*words, strict=True)))

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words from `start` up to `end` one by one."""
        return tuple(map(Word, *(column[start:end] for column in self)))

    def where(self, kept: Iterable[bool]) -> "Words":
        """Return the words that are to be kept."""
        chosen = list(kept)
        columns: list[list[Any]] = [list(compress(column, chosen)) for column in self]
        return Words(*columns)
