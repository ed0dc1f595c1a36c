"""Words to lines."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from parsers.pdf.page import Font, Word
from schemas.documents import Box

HYPHEN = "\ufffe"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True)
class Line:
    """Words that stand on one line, in reading order."""

    words: tuple[Word, ...]
    page: int

    @cached_property
    def text(self) -> str:
        """The words with single spaces where the page has white space."""
        first, *rest = self.words
        return first.text + "".join(f" {word.text}" if word.spaced else word.text for word in rest)

    @cached_property
    def box(self) -> Box:
        """The rectangle around all words."""
        _, lefts, tops, rights, bottoms, *_ = zip(*self.words, strict=True)
        return Box(min(lefts), min(tops), max(rights), max(bottoms))

    @cached_property
    def is_right_to_left(self) -> bool:
        """Whether most words are of a script that runs from right to left."""
        if self.text.isascii():
            return False
        return 2 * sum(bool(_RIGHT_TO_LEFT.search(word.text)) for word in self.words) > len(self.words)

    @property
    def start(self) -> float:
        """Where the line begins, growing in reading direction."""
        return -self.box.right if self.is_right_to_left else self.box.left

    @property
    def end(self) -> float:
        """Where the line ends, growing in reading direction."""
        return -self.box.left if self.is_right_to_left else self.box.right

    @cached_property
    def baseline(self) -> float:
        """How far down the page the first word in the line's own size stands."""
        size = self.font.size
        return next(word.bottom for word in self.words if word.font.size == size)

    @cached_property
    def font(self) -> Font:
        """The font of most characters; bold and mono only when every word with a letter is so."""
        first = self.words[0].font
        if all(word.font is first for word in self.words):
            return first
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.font.size] += len(word.text)
        telling = [word for word in self.words if any(map(str.isalnum, word.text))] or self.words
        return Font(
            sizes.most_common(1)[0][0],
            all(word.font.bold for word in telling),
            all(word.font.italic for word in telling),
            all(word.font.mono for word in telling),
        )


def raised(digits: str) -> str:
    """Return digits as superscripts, so that a note's mark does not read as part of a number."""
    return digits.translate(_SUPERSCRIPTS)


def is_raised(word: Word, last: Word) -> bool:
    """Whether a word is small and stands above the baseline of the one before."""
    small = word.font.size < 0.85 * last.font.size
    return small and word.bottom < last.bottom - 0.12 * last.font.size


def lines_of(words: Iterable[Word], page: int) -> Iterator[Line]:
    """Yield the lines of a page, in the order of its content."""
    line: list[Word] = []
    for word in words:
        if line and word.starts_line:
            joined = _continued(line, word)
            if joined is None:
                yield Line(tuple(line), page)
                line = [word]
            else:
                line.append(joined)
        else:
            line.append(word)
    if line:
        yield Line(tuple(line), page)


def turned_lines(words: Iterable[Word], page: int) -> Iterator[Line]:
    """Yield the lines of words that stand on their side, as PDFium sees them; they count as small print."""
    line: list[Word] = []
    for word in words:
        if word.starts_line and line:
            yield Line(tuple(line), page)
            line = []
        line.append(word._replace(font=Font(1.0)))
    if line:
        yield Line(tuple(line), page)


def _continued(line: list[Word], word: Word) -> Word | None:
    """Return `word` as the next one of `line`, None if it begins another.

    PDFium breaks lines at superscripts and subscripts, and between the cells of a table's row.
    """
    last = line[-1]
    if last.text.endswith(HYPHEN):
        return None
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    height = min(last.bottom - last.top, word.bottom - word.top)
    if overlap < 0.4 * height:
        return None
    em = max(last.font.size, word.font.size, 1.0)
    if word.text.isdecimal() and is_raised(word, last):
        word = word._replace(text=raised(word.text))
    gap = word.left - last.right
    if -0.2 * em <= gap <= 0.6 * em:
        return word._replace(spaced=gap > 0.12 * em, starts_line=False)
    same_baseline = abs(last.bottom - word.bottom) < 0.15 * em
    return word._replace(spaced=True, starts_line=False) if same_baseline and gap > 0 else None
