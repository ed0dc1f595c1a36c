"""Words, with their places and fonts, from PDFium's characters."""

import ctypes
import math
import re
from collections.abc import Callable
from typing import NamedTuple

import pypdfium2.raw as pdfium

from parsers.pdf.frame import Frame
from parsers.pdf.lines import raised
from parsers.pdf.page import Font, Word

# PDFium puts U+FFFE where a word is broken at the end of a line, and leaves the line break out.
_HYPHEN = "\ufffe"
_WORD = re.compile(rf"[^\s{_HYPHEN}]+{_HYPHEN}?|{_HYPHEN}")
_BOLD = re.compile(r"bold|black|heavy|demi|-medi|cmbx|cmb\d|sfbx|ecbx|cmssbx", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slanted|cmti|cmsl|sfti|ecti", re.IGNORECASE)
_MONO = re.compile(r"mono|courier|consol|typewriter|cmtt|sftt|ectt|menlo|inconsolata", re.IGNORECASE)
# PDFium turns the two characters of one lam-alef glyph about.
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_RIGHT_TO_LEFT_RUN = re.compile("[\u0591-\u05f2\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]{2,}")
_NOTE_MARK = re.compile(r"(?<=[^\W\d]|[.,;:!?)\]”’\"'])\d{1,2}$")
_FIXED_PITCH, _ITALIC_FLAG, _FORCE_BOLD = 1 << 0, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_MAX_TURN_RADIANS = 0.1


class Glyphs(NamedTuple):
    """A page's words in the order of its content. `broken` counts characters without a known meaning."""

    words: list[Word]
    turned: list[Word]
    broken: int


class _Style(NamedTuple):
    font: Font
    turn_radians: float


class _Edges(NamedTuple):
    left: float
    bottom: float
    right: float


class GlyphReader:
    """Reads the words of one page. PDFium is asked twice or thrice per word, never per character."""

    def __init__(self, text_page: pdfium.FPDF_TEXTPAGE, frame: Frame) -> None:
        self._page = text_page
        self._frame = frame
        self._rect = pdfium.FS_RECTF()
        self._rect_ref = ctypes.byref(self._rect)
        self._matrix = pdfium.FS_MATRIX()
        self._matrix_ref = ctypes.byref(self._matrix)
        self._styles: dict[int, _Style] = {}
        self._looks: dict[tuple[float, ...], _Style] = {}

    def read(self) -> Glyphs:
        """Return the page's words."""
        text, index_of = self._characters()
        words: list[Word] = []
        turned: list[Word] = []
        end = 0
        for match in _WORD.finditer(text):
            start = match.start()
            before = text[end:start]
            end = match.end()
            style = self._style(index_of(start))
            shown = match[0]
            if shown[-1].isdigit() or not shown.isascii():
                shown = self._as_read(shown, index_of(start), style.font)
            word = self._word(shown, index_of(start), index_of(end - 1), style.font, before)
            (turned if abs(style.turn_radians) > _MAX_TURN_RADIANS else words).append(word)
        return Glyphs(words, turned, _broken(text))

    def _characters(self) -> tuple[str, Callable[[int], int]]:
        """Return the page's text, and what leads from an offset in it to PDFium's character index."""
        count = pdfium.FPDFText_CountChars(self._page)
        if count <= 0:
            return "", int
        buffer = (ctypes.c_ushort * (count + 1))()
        units = pdfium.FPDFText_GetText(self._page, 0, count, buffer) - 1
        text = bytes(buffer)[: 2 * max(units, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text, int
        return text, _unit_offsets(text, self._page)

    def _word(self, text: str, first: int, last: int, font: Font, before: str) -> Word:
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._page, first, self._rect_ref)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if last != first:
            pdfium.FPDFText_GetLooseCharBox(self._page, last, self._rect_ref)
            left, right = min(left, rect.left), max(right, rect.right)
            if self._frame.turns % 2:
                bottom, top = min(bottom, rect.bottom), max(top, rect.top)
        starts_line = "\n" in before or not before
        return Word(text, *self._frame.seen(left, bottom, right, top), font, bool(before), starts_line)

    def _as_read(self, text: str, first: int, font: Font) -> str:
        """Return a word's text in reading order, with a note's mark as a superscript.

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
        mark = _NOTE_MARK.search(text)
        if mark and self._is_raised(first + mark.start(), first, font):
            text = text[: mark.start()] + raised(mark[0])
        return text

    def _is_raised(self, index: int, first: int, font: Font) -> bool:
        if self._style(index).font.size >= 0.85 * font.size:
            return False
        return self._edges(index).bottom > self._edges(first).bottom + 0.12 * font.size

    def _edges(self, index: int) -> _Edges:
        pdfium.FPDFText_GetLooseCharBox(self._page, index, self._rect_ref)
        return _Edges(self._rect.left, self._rect.bottom, self._rect.right)

    def _style(self, index: int) -> _Style:
        text_object = pdfium.FPDFText_GetTextObject(self._page, index)
        if not text_object:
            return _Style(Font(0.0), 0.0)
        address = ctypes.addressof(text_object.contents)
        style = self._styles.get(address)
        if style is None:
            style = self._styles[address] = self._measure(index, text_object)
        return style

    def _measure(self, index: int, text_object: pdfium.FPDF_PAGEOBJECT) -> _Style:
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._page, index, self._matrix_ref)
        font = pdfium.FPDFTextObj_GetFont(text_object)
        address = ctypes.addressof(font.contents) if font else 0
        set_size = pdfium.FPDFText_GetFontSize(self._page, index)
        look = address, set_size, matrix.a, matrix.b, matrix.c, matrix.d
        style = self._looks.get(look)
        if style is None:
            size = set_size * math.hypot(matrix.c, matrix.d)
            turn = math.atan2(matrix.b, matrix.a) - self._frame.turns * math.pi / 2
            face = _describe(font) if font else Font(0.0)
            style = _Style(face._replace(size=round(size, 1)), math.remainder(turn, 2 * math.pi))
            self._looks[look] = style
        return style


def _describe(font: pdfium.FPDF_FONT) -> Font:
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
    name = buffer.value.decode("utf-8", "replace")
    flags = max(pdfium.FPDFFont_GetFlags(font), 0)
    bold = bool(_BOLD.search(name)) or flags & _FORCE_BOLD or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
    italic = bool(_ITALIC.search(name)) or flags & _ITALIC_FLAG
    mono = bool(_MONO.search(name)) or flags & _FIXED_PITCH
    return Font(0.0, bool(bold), bool(italic), bool(mono))


def _unit_offsets(text: str, text_page: pdfium.FPDF_TEXTPAGE) -> Callable[[int], int]:
    """Characters beyond the basic plane take two UTF-16 units: count in those, then ask PDFium."""
    offsets, unit = [], 0
    for character in text:
        offsets.append(unit)
        unit += 1 + (ord(character) > 0xFFFF)
    to_index = pdfium.FPDFText_GetCharIndexFromTextIndex
    return lambda offset: max(to_index(text_page, offsets[offset]), 0)


def _broken(text: str) -> int:
    """Count replacement, private-use and control characters: signs of a font without a Unicode map."""
    return len(re.findall(r"[\ufffd\ue000-\uf8ff\x00\x01\x03-\x08\x0e-\x1f]", text))
