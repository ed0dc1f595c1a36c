"""Spaces that are none, behind Indic vowel signs in PDFs printed by browsers.

They write a letter and its vowel sign as one glyph of two characters and a second glyph of none. PDFium makes
the first as wide as itself, sees a gap where the second stands, and writes a space.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from statistics import median

from parsers.pdf.words import Words

_INDIC = re.compile("[\u0900-\u0dff]")
# Vowel signs that take room beside their letter, and what may still follow them.
_SPACING_SIGN = re.compile(
    "[\u0903\u093b\u093e-\u0940\u0949-\u094c\u0982\u09be-\u09c0\u09cb\u09cc\u0a3e-\u0a40\u0abe-\u0ac0\u0ac9"
    "\u0acb\u0acc\u0b3e\u0b40\u0b4b\u0b4c\u0bbe\u0bbf\u0bc6-\u0bcc\u0c41-\u0c44\u0cbe\u0cc0-\u0cc4\u0d3e-\u0d40"
    "\u0d46-\u0d4c][\u0901\u0902\u0981\u0a02\u0a70\u0a81\u0a82\u0b01\u0b02]*$"
)
# The sign alone is up to 1.4 times as wide as a space, the sign and a space 1.6 times and more.
_WITH_SPACE = 1.5


def is_indic(text: str) -> bool:
    """Whether any of a text is in a script of India."""
    return not text.isascii() and bool(_INDIC.search(text))


def without_false_spaces(words: Words, lasts: Sequence[int], shares_glyph: Callable[[int], bool]) -> Words:
    """Return the words without spaces where only a vowel sign stands.

    `lasts` are their last characters; `shares_glyph` tells of one whether it is the latter part of a glyph.
    """
    gaps: dict[float, list[float]] = defaultdict(list)
    doubtful: list[tuple[int, float]] = []
    for index in range(1, len(words.texts)):
        last, size = index - 1, words.fonts[index].size or 1.0
        if words.starts_line[index] or not words.spaced[index]:
            continue
        gap = (words.lefts[index] - words.rights[last]) / size
        if _SPACING_SIGN.search(words.texts[last]):
            doubtful.append((index, gap))
        elif _INDIC.search(words.texts[last][-1]):
            gaps[size].append(gap)
    every = [gap for some in gaps.values() for gap in some]
    spaced = [*words.spaced]
    for index, gap in doubtful:
        usual = gaps.get(words.fonts[index].size, every)
        if usual and gap < _WITH_SPACE * median(usual) and shares_glyph(lasts[index - 1]):
            spaced[index] = False
    return words._replace(spaced=spaced)
