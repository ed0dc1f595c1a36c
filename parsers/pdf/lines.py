"""Words to lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import sub

from parsers.pdf.splitting import HYPHEN
from parsers.pdf.words import Font, Word, Words
from schemas.documents import Box

GAP_EM = 0.7
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Line:
    """Words that stand on one line, in reading order.

    What is asked of every line again and again is worked out when it is made. `text` has single spaces where
    the page has white space; `start` and `end` grow in reading direction; `baseline` is how far down the page
    the first word in the line's own size stands; `font` is that of most characters, bold and mono only when
    every word with a letter is so (mono also when only the line's number is not); `is_uniform` when every
    word is set in it; `marker` is the first word; `is_gapped` is false where no gap is wide enough to part
    two cells.
    """

    __slots__ = (
        "_columns",
        "_from",
        "_to",
        "_words",
        "baseline",
        "bottom",
        "end",
        "font",
        "is_gapped",
        "is_right_to_left",
        "is_uniform",
        "left",
        "marker",
        "page",
        "right",
        "start",
        "text",
        "top",
    )

    def __init__(self, columns: Words, start: int, end: int, page: int) -> None:
        self._columns, self._from, self._to = columns, start, end
        self._words: tuple[Word, ...] | None = None
        self.page = page
        texts, fonts = columns.texts[start:end], columns.fonts[start:end]
        lefts, rights = columns.lefts[start:end], columns.rights[start:end]
        bottoms = columns.bottoms[start:end]
        self.left, self.top = min(lefts), min(columns.tops[start:end])
        self.right, self.bottom = max(rights), max(bottoms)
        self.marker = texts[0]
        self.text = _joined(texts, columns.spaced[start:end])
        self.is_right_to_left = reads_from_right(self.text) and _is_right_to_left(texts)
        self.start, self.end = (-self.right, -self.left) if self.is_right_to_left else (self.left, self.right)
        self.is_uniform = fonts.count(fonts[0]) == len(fonts)
        if self.is_uniform:
            self.font, self.baseline, smallest = fonts[0], bottoms[0], fonts[0].size
        else:
            self.font = _font_of(texts, fonts)
            self.baseline = bottoms[[font.size for font in fonts].index(self.font.size)]
            smallest = min([font.size or 1.0 for font in fonts])
        widest = max(map(sub, lefts[1:], rights), default=0.0)
        self.is_gapped = lefts[0] > self.left or widest >= GAP_EM * (smallest or 1.0)

    def __len__(self) -> int:
        """Return how many words there are."""
        return self._to - self._from

    @property
    def words(self) -> tuple[Word, ...]:
        """The words, in reading order."""
        if self._words is None:
            self._words = self._columns.between(self._from, self._to)
        return self._words

    @property
    def box(self) -> Box:
        """The rectangle around all words."""
        return Box(self.left, self.top, self.right, self.bottom)

    @property
    def first_font(self) -> Font:
        """How the first word is set."""
        return self._columns.fonts[self._from]

    @property
    def marker_width(self) -> float:
        """How wide the first word is."""
        return self._columns.rights[self._from] - self._columns.lefts[self._from]


def line_of(words: Sequence[Word], page: int) -> Line:
    """Return the line that some words make."""
    return Line(Words.of(words), 0, len(words), page)


def lines_of(words: Words, page: int) -> Iterator[Line]:
    """Yield the lines of a page, in the order of its content."""
    if not words.texts:
        return
    own = words._replace(texts=[*words.texts], spaced=[*words.spaced], starts_line=[*words.starts_line])
    count = len(words.texts)
    start = 0
    for index in compress(range(count), words.starts_line):
        if index and not _goes_on(own, index):
            yield Line(own, start, index, page)
            start = index
    yield Line(own, start, count, page)


def turned_lines(words: Iterable[Word], page: int) -> Iterator[Line]:
    """Yield the lines of words that stand on their side, as PDFium sees them; they count as small print."""
    line: list[Word] = []
    for word in words:
        if word.starts_line and line:
            yield line_of(line, page)
            line = []
        line.append(word._replace(font=Font(1.0)))
    if line:
        yield line_of(line, page)


def _goes_on(words: Words, index: int) -> bool:
    """Whether a word goes on with the line of the one before it; if so, it is written as a part of it.

    PDFium breaks lines at superscripts and subscripts, and between the cells of a table's row.
    """
    last = index - 1
    if words.texts[last].endswith(HYPHEN):
        return False
    top, bottom, last_top, last_bottom = (
        words.tops[index],
        words.bottoms[index],
        words.tops[last],
        words.bottoms[last],
    )
    overlap = min(last_bottom, bottom) - max(last_top, top)
    if overlap < 0.4 * min(last_bottom - last_top, bottom - top):
        return False
    size, last_size = words.fonts[index].size, words.fonts[last].size
    em = max(last_size, size, 1.0)
    gap = words.lefts[index] - words.rights[last]
    is_near = -0.2 * em <= gap <= 0.6 * em
    if not is_near and (gap <= 0 or abs(last_bottom - bottom) >= 0.15 * em):
        return False
    is_raised = size < 0.85 * last_size and bottom < last_bottom - 0.12 * last_size
    if is_raised and words.texts[index].isdecimal():
        words.texts[index] = raised(words.texts[index])
    words.spaced[index] = not is_near or gap > 0.12 * em
    words.starts_line[index] = False
    return True


def raised(digits: str) -> str:
    """Return digits as superscripts, so that a note's mark does not read as part of a number."""
    return digits.translate(_SUPERSCRIPTS)


def _joined(texts: list[str], spaced: list[bool]) -> str:
    if False not in spaced[1:]:
        return " ".join(texts)
    parts = (f" {text}" if is_spaced else text for text, is_spaced in zip(texts, spaced, strict=True))
    return "".join(parts).removeprefix(" ")


def reads_from_right(text: str) -> bool:
    """Whether any of a text is in a script that runs from right to left."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def _is_right_to_left(words: Sequence[str]) -> bool:
    """Whether most words are of a script that runs from right to left."""
    return 2 * sum(bool(_RIGHT_TO_LEFT.search(word)) for word in words) > len(words)


def _font_of(texts: Sequence[str], fonts: Sequence[Font]) -> Font:
    lengths: dict[Font, int] = {}
    for text, font in zip(texts, fonts, strict=True):
        lengths[font] = lengths.get(font, 0) + len(text)
    sizes: dict[float, int] = {}
    for font, length in lengths.items():
        sizes[font.size] = sizes.get(font.size, 0) + length
    telling: Iterable[Font] = lengths
    if len({font[1:] for font in lengths}) > 1:
        telling = {font for text, font in zip(texts, fonts, strict=True) if any(map(str.isalnum, text))}
    return Font(
        max(sizes, key=sizes.__getitem__),
        all(font.bold for font in telling or lengths),
        all(font.italic for font in telling or lengths),
        all(font.mono for font in telling or lengths) or _is_numbered_code(texts, fonts),
    )


def _is_numbered_code(texts: Sequence[str], fonts: Sequence[Font]) -> bool:
    """Whether a line of code stands behind its number, which is often set as text is."""
    rest = fonts[1:]
    return texts[0].isdecimal() and not fonts[0].mono and bool(rest) and all(font.mono for font in rest)
