"""Words to lines."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import sub

from parsers.pdf.page import Font, Word
from parsers.pdf.splitting import HYPHEN
from schemas.documents import Box

GAP_EM = 0.7
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Line:
    """Words that stand on one line, in reading order.

    What is asked of every line again and again is worked out when it is made. `text` has single spaces where
    the page has white space; `start` and `end` grow in reading direction; `baseline` is how far down the page
    the first word in the line's own size stands; `font` is that of most characters, bold and mono only when
    every word with a letter is so; `is_gapped` is false where no gap is wide enough to part two cells.
    """

    __slots__ = (
        "baseline",
        "bottom",
        "end",
        "font",
        "is_gapped",
        "is_right_to_left",
        "left",
        "page",
        "right",
        "start",
        "text",
        "top",
        "words",
    )

    def __init__(self, words: tuple[Word, ...], page: int) -> None:
        texts, lefts, tops, rights, bottoms, fonts, spaced, _ = zip(*words, strict=True)
        self.words, self.page = words, page
        self.left, self.top, self.right, self.bottom = min(lefts), min(tops), max(rights), max(bottoms)
        self.text = _joined(texts, spaced)
        self.is_right_to_left = not self.text.isascii() and _is_right_to_left(self.text, texts)
        self.start, self.end = (
            (-self.right, -self.left) if self.is_right_to_left else (self.left, self.right)
        )
        first = fonts[0]
        if fonts.count(first) == len(fonts):
            self.font, self.baseline, smallest = first, bottoms[0], first.size
        else:
            self.font = _font_of(words)
            self.baseline = bottoms[[font.size for font in fonts].index(self.font.size)]
            smallest = min(font.size or 1.0 for font in fonts)
        widest = max(map(sub, lefts[1:], rights), default=0.0)
        self.is_gapped = lefts[0] > self.left or widest >= GAP_EM * (smallest or 1.0)

    @property
    def box(self) -> Box:
        """The rectangle around all words."""
        return Box(self.left, self.top, self.right, self.bottom)


def _joined(texts: tuple[str, ...], spaced: tuple[bool, ...]) -> str:
    if False not in spaced[1:]:
        return " ".join(texts)
    parts = (f" {text}" if is_spaced else text for text, is_spaced in zip(texts, spaced, strict=True))
    return "".join(parts).removeprefix(" ")


def _is_right_to_left(text: str, words: Sequence[str]) -> bool:
    """Whether most words are of a script that runs from right to left."""
    if not _RIGHT_TO_LEFT.search(text):
        return False
    return 2 * sum(bool(_RIGHT_TO_LEFT.search(word)) for word in words) > len(words)


def _font_of(words: Sequence[Word]) -> Font:
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[word.font.size] += len(word.text)
    telling = [word.font for word in words if any(map(str.isalnum, word.text))] or [
        word.font for word in words
    ]
    return Font(
        sizes.most_common(1)[0][0],
        all(font.bold for font in telling),
        all(font.italic for font in telling),
        all(font.mono for font in telling),
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
