"""Pages of an open PDF, as drawn."""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.pdf.art import area
from parsers.pdf.attachments import pinned_to
from parsers.pdf.diagrams import Diagram, diagrams, lines_without, without
from parsers.pdf.drawings import DrawingReader
from parsers.pdf.fields import FieldReader
from parsers.pdf.frame import Frame
from parsers.pdf.glyphs import NO_GLYPHS, GlyphReader, Glyphs
from parsers.pdf.lines import lines_of
from parsers.pdf.links import links_of
from parsers.pdf.page import Page, Picture, Rule
from parsers.pdf.pictures import encoded_image
from parsers.pdf.rendering import rendered
from schemas.documents import Box

_MIN_PICTURE_PT = 20.0


class PageReader:
    """Reads the pages of one document, one at a time. Pictures are kept up to a number and a size."""

    def __init__(self, pdf: pypdfium2.PdfDocument, max_pictures: int, max_picture_bytes: int) -> None:
        self._pdf = pdf
        self._pictures_left = max_pictures
        self._bytes_left = max_picture_bytes
        self._seen: set[bytes] = set()
        self._fields = FieldReader(pdf)

    def read(self) -> Iterator[Page]:
        """Yield every page; one that cannot be loaded is empty."""
        for index in range(len(self._pdf)):
            page = pdfium.FPDF_LoadPage(self._pdf.raw, index)
            if not page:
                yield Page(index + 1, 0.0, 0.0, (), unreadable=True)
                continue
            try:
                yield self._page(page, index + 1)
            finally:
                pdfium.FPDF_ClosePage(page)

    def _page(self, page: pdfium.FPDF_PAGE, number: int) -> Page:
        frame = Frame.of(page)
        width, height = frame.width, frame.height
        glyphs = _glyphs(page, frame)
        reader = DrawingReader(page, frame)
        drawings = reader.read()
        boxes = [(image, Box(*edges)) for image in drawings.images if (edges := reader.bounds(image))]
        page_area = max(width * height, 1.0)
        lines = [  # printers' marks stand beside the page
            line
            for line in lines_of(glyphs.words, number)
            if line.right > 0 and line.bottom > 0 and line.left < width and line.top < height
        ]
        found = diagrams(lines, glyphs.turned, drawings.shapes, page_area)
        drawn = {diagram: shown for diagram in found if (shown := self._shown(page, frame, diagram))}
        return Page(
            number,
            width,
            height,
            lines_without(lines, drawn),
            without(glyphs.turned, drawn),
            tuple(
                rule for rule in drawings.rules if not any(_covers(diagram.box, rule) for diagram in drawn)
            ),
            tuple(sorted([*self._pictures(boxes), *drawn.values()], key=lambda picture: picture.box.top)),
            glyphs.broken,
            min(sum(area(box) for _, box in boxes) / page_area, 1.0),
            drawings.total,
            tuple(self._fields.read(page, frame, number)),
            tuple(links_of(self._pdf, page, frame, number)),
            tuple(pinned_to(page)),
        )

    def _pictures(self, boxes: list[tuple[int, Box]]) -> Iterator[Picture]:
        for image, box in boxes:
            if min(box.right - box.left, box.bottom - box.top) < _MIN_PICTURE_PT or not self._pictures_left:
                continue
            encoded = encoded_image(ctypes.cast(image, pdfium.FPDF_PAGEOBJECT))
            if encoded is not None and self._has_room(encoded[1]):
                yield Picture(box, *encoded)

    def _shown(self, page: pdfium.FPDF_PAGE, frame: Frame, diagram: Diagram) -> Picture | None:
        """Return a picture of a diagram; None leaves its labels in the text."""
        content = rendered(page, frame, diagram.box) if self._pictures_left else None
        if content is None or not self._has_room(content):
            return None
        return Picture(diagram.box, "image/png", content, diagram.labels)

    def _has_room(self, content: bytes) -> bool:
        """Whether a picture is new and may be kept; if so, it counts."""
        if len(content) > self._bytes_left or content in self._seen:
            return False
        self._pictures_left -= 1
        self._bytes_left -= len(content)
        self._seen.add(content)
        return True


def _covers(box: Box, rule: Rule) -> bool:
    return box.left <= (rule.left + rule.right) / 2 <= box.right and box.top <= rule.top <= box.bottom


def _glyphs(page: pdfium.FPDF_PAGE, frame: Frame) -> Glyphs:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return NO_GLYPHS
    try:
        return GlyphReader(text_page, frame).read()
    finally:
        pdfium.FPDFText_ClosePage(text_page)
