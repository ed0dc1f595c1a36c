"""Text to words, with where each begins and ends."""

from itertools import accumulate, repeat
from operator import add, sub
from typing import NamedTuple

# PDFium puts U+FFFE where a word is broken at the end of a line, and leaves the line break out.
HYPHEN = "\ufffe"


class Split(NamedTuple):
    """The words of a text. `firsts` and `lasts` are the offsets of their first and last characters.

    `spaced` is whether white space stands before a word, `starts_line` whether a line begins with it.
    """

    texts: list[str]
    firsts: list[int]
    lasts: list[int]
    spaced: list[bool]
    starts_line: list[bool]


def split(text: str) -> Split:
    """Return the words of a text; a line ends at a line break, and behind the hyphen of a broken word."""
    texts: list[str] = []
    gaps: list[int] = []
    starts_line: list[bool] = []
    gap = 0
    for line in text.replace(HYPHEN, f"{HYPHEN}\n").split("\n"):
        words, kept = line.split(), line.rstrip()
        if words:
            within = len(words) - 1
            texts += words
            starts_line += [True, *[False] * within]
            gaps += [gap, *[1] * within]
            if " ".join(words) != kept:
                gaps[-len(words) :] = _gaps(line, words, gap)
            gap = 0
        gap += len(line) - len(kept) + (not line.endswith(HYPHEN))
    lengths = list(map(len, texts))
    ends = list(accumulate(map(add, gaps, lengths)))
    lasts = list(map(sub, ends, repeat(1)))
    return Split(texts, list(map(sub, ends, lengths)), lasts, list(map(bool, gaps)), starts_line)


def _gaps(line: str, words: list[str], gap: int) -> list[int]:
    """Return how much white space stands before each word of a line, `gap` of it before the line."""
    gaps: list[int] = []
    end = -gap
    for word in words:
        start = line.index(word, max(end, 0))
        gaps.append(start - end)
        end = start + len(word)
    return gaps
