"""Text to words, with where each begins and ends."""

from typing import NamedTuple

# PDFium puts U+FFFE where a word is broken at the end of a line, and leaves the line break out.
HYPHEN = "\ufffe"


class Split(NamedTuple):
    """The words of a text. `firsts` and `lasts` are the offsets of their first and last characters.

    `spaced` is whether white space stands before a word; `line_starts` are the words that begin a line.
    """

    texts: list[str]
    firsts: list[int]
    lasts: list[int]
    spaced: list[bool]
    line_starts: list[int]


def split(text: str) -> Split:
    """Return the words of a text; a line ends at a line break, and behind the hyphen of a broken word."""
    found = Split([], [], [], [], [])
    offset = end = 0
    for line in text.replace(HYPHEN, f"{HYPHEN}\n").split("\n"):
        words = line.split()
        if words:
            start = len(found.texts)
            found.line_starts.append(start)
            _place(line, words, offset, found)
            found.spaced.extend([True] * len(words))
            found.spaced[start] = found.firsts[start] > end
            end = found.lasts[-1] + 1
        offset += len(line) + (not line.endswith(HYPHEN))
    return found


def _place(line: str, words: list[str], offset: int, found: Split) -> None:
    """Add the words of one line, which begins at `offset`."""
    found.texts.extend(words)
    if sum(map(len, words)) + len(words) - 1 == len(line.rstrip()):
        for word in words:
            found.firsts.append(offset)
            offset += len(word)
            found.lasts.append(offset - 1)
            offset += 1
        return
    place = 0
    for word in words:
        place = line.index(word, place)
        found.firsts.append(offset + place)
        place += len(word)
        found.lasts.append(offset + place - 1)
