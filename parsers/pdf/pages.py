"""Pages of an open PDF, as drawn."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.pdf.drawings import DrawingReader
from parsers.pdf.fields import FieldReader
from parsers.pdf.frame import Frame
from parsers.pdf.glyphs import GlyphReader, Glyphs
from parsers.pdf.page import Page, Picture
from parsers.pdf.pictures import encoded_image
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
        glyphs = _glyphs(page, frame)
        reader = DrawingReader(page, frame)
        drawings = reader.read()
        boxes = [(image, Box(*edges)) for image in drawings.images if (edges := reader.bounds(image))]
        area = sum((box.right - box.left) * (box.bottom - box.top) for _, box in boxes)
        return Page(
            number,
            frame.width,
            frame.height,
            tuple(glyphs.words),
            tuple(glyphs.turned),
            tuple(drawings.rules),
            tuple(self._pictures(boxes)),
            glyphs.broken,
            min(area / max(frame.width * frame.height, 1.0), 1.0),
            drawings.total,
            tuple(self._fields.read(page, frame, number)),
        )

    def _pictures(self, boxes: list[tuple[pdfium.FPDF_PAGEOBJECT, Box]]) -> Iterator[Picture]:
        for image, box in boxes:
            if min(box.right - box.left, box.bottom - box.top) < _MIN_PICTURE_PT or not self._pictures_left:
                continue
            encoded = encoded_image(image)
            if encoded is None or len(encoded[1]) > self._bytes_left or encoded[1] in self._seen:
                continue
            self._pictures_left -= 1
            self._bytes_left -= len(encoded[1])
            self._seen.add(encoded[1])
            yield Picture(box, *encoded)


def _glyphs(page: pdfium.FPDF_PAGE, frame: Frame) -> Glyphs:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return Glyphs([], [], 0)
    try:
        return GlyphReader(text_page, frame).read()
    finally:
        pdfium.FPDFText_ClosePage(text_page)
