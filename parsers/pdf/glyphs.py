"""Words, with their places and fonts, from PDFium's characters."""

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, compress, pairwise, repeat
from operator import lt, not_
from struct import Struct
from typing import NamedTuple

import pypdfium2.raw as pdfium

from parsers.pdf.calls import (
    Buffer,
    address_of,
    font_flags,
    font_name,
    font_of,
    font_size,
    font_weight,
    loose_box,
    page_text,
    text_matrix,
    text_object,
)
from parsers.pdf.clusters import is_indic, without_false_spaces
from parsers.pdf.frame import Columns, Frame
from parsers.pdf.lines import raised, reads_from_right
from parsers.pdf.splitting import split
from parsers.pdf.words import Font, Word, Words

_BOLD = re.compile(r"bold|black|heavy|demi|-medi|cmbx|cmb\d|sfbx|ecbx|cmssbx|t[1c]xb", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slanted|cmti|cmsl|sfti|ecti", re.IGNORECASE)
_MONO = re.compile(
    r"mono|courier|consol|typewriter|cm(?!v)\w{0,2}tt|sf\w?tt|ec\w?tt|txb?tt|t[1c]xb?tt|nimbusmon|cursor|menlo"
    r"|inconsolata|lettergothic|andale|(?:fira|source|cascadia|sans)[ -]?code",
    re.IGNORECASE,
)
# PDFium turns the two characters of one lam-alef glyph about.
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_RIGHT_TO_LEFT_RUN = re.compile("[\u0591-\u05f2\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]{2,}")
_NOTE_MARK = re.compile(r"(?<=[^\W\d]|[.,;:!?)\]”’\"'])\d{1,2}$")
_MEANINGLESS = re.compile(r"[\ufffd\ue000-\uf8ff\x00\x01\x03-\x08\x0e-\x1f]")
_FIXED_PITCH, _ITALIC_FLAG, _FORCE_BOLD = 1 << 0, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_INSIDE_PT = 0.3
_MAX_TURN_RADIANS = 0.1
_MAX_NAME = 128
_RECT, _TURN = Struct("4f"), Struct("4f")  # FS_RECTF is left, top, right, bottom; of a matrix its a to d
_FEW, _MANY = Buffer(256), Buffer(1 << 16)  # PDFium allows one thread only, so that one of each will do


class Glyphs(NamedTuple):
    """A page's words in the order of its content. `broken` counts characters without a known meaning."""

    words: Words
    turned: tuple[Word, ...]
    broken: int


NO_GLYPHS = Glyphs(Words([], [], [], [], [], [], [], []), (), 0)


class _Style(NamedTuple):
    font: Font
    is_turned: bool


_NO_STYLE = _Style(Font(0.0), is_turned=False)


class _Edges(NamedTuple):
    left: float
    bottom: float
    right: float


class GlyphReader:
    """Reads the words of one page. PDFium is asked twice or thrice per word, never per character."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE, frame: Frame) -> None:
        self._page = text_page
        self._handle = address_of(text_page)
        self._frame = frame
        self._styles: dict[int | None, _Style] = {}
        self._looks: dict[tuple[int, float, bytes], _Style] = {}

    def read(self) -> Glyphs:
        """Return the page's words."""
        text, index_of = self._characters()
        found = split(text)
        if not found.texts:
            return NO_GLYPHS._replace(broken=_broken(text, found.texts))
        firsts, lasts = found.firsts, found.lasts
        if index_of is not None:
            firsts, lasts = list(map(index_of, firsts)), list(map(index_of, lasts))
        styles = self._styles_of(firsts, found.starts_line)
        fonts = [style.font for style in styles]
        texts = self._as_read(text, found.texts, firsts, fonts)
        turned = [style.is_turned for style in styles]
        words = Words(texts, *self._places(firsts, lasts), fonts, found.spaced, found.starts_line)
        if is_indic(text):
            words = without_false_spaces(words, lasts, self._shares_glyph)
        broken = _broken(text, found.texts)
        if not any(turned):
            return Glyphs(words, (), broken)
        aside = words.where(turned)
        return Glyphs(words.where(map(not_, turned)), aside.between(0, len(aside.texts)), broken)

    def _characters(self) -> tuple[str, Callable[[int], int] | None]:
        """Return the page's text, and what leads from an offset in it to PDFium's index; None: the same."""
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return "", None
        buffer = _MANY.holding(2 * count + 2)
        units = page_text(self._handle, 0, count, buffer.address) - 1
        text = str(buffer.bytes[: 2 * max(units, 0)], "utf-16-le", "replace")
        if len(text) == count:
            return text, None
        return text, _unit_offsets(text, self._page)

    def _places(self, firsts: list[int], lasts: list[int]) -> Columns:
        """Return where the words stand, from their first and last characters, as the frame shows them."""
        count, size = len(firsts), _RECT.size
        buffer = _MANY.holding(2 * count * size)
        addresses = range(buffer.address, buffer.address + 2 * count * size, size)
        deque(map(loose_box, repeat(self._handle), chain(firsts, lasts), addresses), maxlen=0)
        edges = buffer.bytes[: 2 * count * size].cast("f")
        first, last = edges[: 4 * count], edges[4 * count :]
        lefts, rights = _floats(first[0::4]), _floats(last[2::4])
        bottoms, tops = _floats(first[3::4]), _floats(first[1::4])
        if any(map(lt, rights, lefts)):
            lefts = list(map(min, lefts, _floats(last[0::4])))
            rights = list(map(max, rights, _floats(first[2::4])))
        if self._frame.turns % 2:
            bottoms = list(map(min, bottoms, _floats(last[3::4])))
            tops = list(map(max, tops, _floats(last[1::4])))
        return self._frame.seen_columns(Columns(lefts, tops, rights, bottoms))

    def _as_read(self, text: str, words: list[str], firsts: list[int], fonts: list[Font]) -> list[str]:
        """Return words in reading order, with the marks of notes as superscripts."""
        if reads_from_right(text):
            words = [self._turned_about(*word) for word in zip(words, firsts, strict=True)]
        numbered = [index for index, word in enumerate(words) if word[-1].isdigit()]
        for index in numbered:
            word = words[index]
            mark = _NOTE_MARK.search(word)
            first = firsts[index]
            if mark and self._is_raised(first + mark.start(), first, fonts[index]):
                words[index] = word[: mark.start()] + raised(mark[0])
        return words

    def _turned_about(self, text: str, first: int) -> str:
        """Return a word of a script from the right in reading order.

        Browsers write some Arabic words letter by letter from the left, and PDFium leaves them so.
        """
        for match in _RIGHT_TO_LEFT_RUN.finditer(text):
            start, end = match.span()
            one, other = self._edges(first + start), self._edges(first + end - 1)
            if one.left < other.left and one.right < other.right:
                text = text[:start] + text[start:end][::-1] + text[end:]
        for match in _ALEF_LAM.finditer(text):
            start, end = match.span()
            if self._edges(first + start) == self._edges(first + start + 1):
                text = text[:start] + text[start:end][::-1] + text[end:]
        return text

    def _is_raised(self, index: int, first: int, font: Font) -> bool:
        if self._style(index).font.size >= 0.85 * font.size:
            return False
        return self._edges(index).bottom > self._edges(first).bottom + 0.12 * font.size

    def _shares_glyph(self, index: int) -> bool:
        """Whether a character begins to the right of its glyph: others of the same glyph come before it."""
        x, y = ctypes.c_double(), ctypes.c_double()
        if not pdfium.FPDFText_GetCharOrigin(self._page, index, x, y):
            return False
        return x.value < self._edges(index).left - _INSIDE_PT

    def _edges(self, index: int) -> _Edges:
        loose_box(self._handle, index, _FEW.address)
        left, _, right, bottom = _RECT.unpack_from(_FEW.bytes)
        return _Edges(left, bottom, right)

    def _styles_of(self, firsts: list[int], starts_line: list[bool]) -> list[_Style]:
        """Return the style of each word. A line whose ends are of one text object is of one style."""
        styles: list[_Style] = []
        page, known = self._handle, self._styles.get
        for start, end in pairwise([*compress(range(len(firsts)), starts_line), len(firsts)]):
            first, last = firsts[start], firsts[end - 1]
            found = text_object(page, first)
            if first == last or found == text_object(page, last):
                styles += [known(found) or self._measured(first, found)] * (end - start)
            else:
                indexes = firsts[start:end]
                objects = map(text_object, repeat(page), indexes)
                styles += [
                    known(found) or self._measured(index, found)
                    for found, index in zip(objects, indexes, strict=True)
                ]
        return styles

    def _style(self, index: int) -> _Style:
        found = text_object(self._handle, index)
        return self._styles.get(found) or self._measured(index, found)

    def _measured(self, index: int, found: int | None) -> _Style:
        if not found:
            return _NO_STYLE
        text_matrix(self._handle, index, _FEW.address)
        font, set_size = font_of(found) or 0, font_size(self._handle, index)
        look = font, set_size, _FEW.bytes[: _TURN.size].tobytes()
        style = self._looks.get(look)
        if style is None:
            a, b, c, d = _TURN.unpack(look[2])
            size = round(set_size * math.hypot(c, d), 1)
            turn = math.remainder(math.atan2(b, a) - self._frame.turns * math.pi / 2, 2 * math.pi)
            face = _describe(font) if font else _NO_STYLE.font
            style = self._looks[look] = _Style(face._replace(size=size), abs(turn) > _MAX_TURN_RADIANS)
        self._styles[found] = style
        return style


def _floats(view: "memoryview[float]") -> list[float]:
    return view.tolist()  # type: ignore[return-value]  # typeshed says int


def _describe(address: int) -> Font:
    length = font_name(address, _FEW.address, _MAX_NAME)
    face = _named(_FEW.bytes[: max(length - 1, 0)].tobytes() if length <= _MAX_NAME else b"")
    flags = max(font_flags(address), 0)
    return Font(
        0.0,
        bool(face.bold or flags & _FORCE_BOLD or font_weight(address) >= _BOLD_WEIGHT),
        bool(face.italic or flags & _ITALIC_FLAG),
        bool(face.mono or flags & _FIXED_PITCH),
    )


@lru_cache(maxsize=1_000)
def _named(raw_name: bytes) -> Font:
    """Return what the name of a font says of it."""
    name = raw_name.decode("utf-8", "replace")
    return Font(0.0, bool(_BOLD.search(name)), bool(_ITALIC.search(name)), bool(_MONO.search(name)))


def _unit_offsets(text: str, text_page: pdfium.FPDF_TEXTPAGE) -> Callable[[int], int]:
    """Characters beyond the basic plane take two UTF-16 units: count in those, then ask PDFium."""
    offsets, unit = [], 0
    for character in text:
        offsets.append(unit)
        unit += 1 + (ord(character) > 0xFFFF)
    to_index = pdfium.FPDFText_GetCharIndexFromTextIndex
    return lambda offset: max(to_index(text_page, offsets[offset]), 0)


def _broken(text: str, words: list[str]) -> int:
    """Count replacement, private-use and control characters: signs of a font without a Unicode map."""
    if "\ufffd" not in text and "".join(words).isprintable():
        return 0
    return len(_MEANINGLESS.findall(text))
