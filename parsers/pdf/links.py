"""Where a page leads to: addresses of its links, which are no part of its text."""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.pdf.frame import Frame
from schemas.documents import Box, Link

_MAX_LINKS = 2_000
_MAX_BYTES = 8_192


def links_of(pdf: pypdfium2.PdfDocument, page: pdfium.FPDF_PAGE, frame: Frame, number: int) -> Iterator[Link]:
    """Yield the links of a page that lead out of the document."""
    place, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    for _ in range(_MAX_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, place, link):
            return
        address = _address(pdf, pdfium.FPDFLink_GetAction(link))
        if address and pdfium.FPDFLink_GetAnnotRect(link, rect):
            (left, right), (bottom, top) = sorted((rect.left, rect.right)), sorted((rect.bottom, rect.top))
            yield Link(address, number, Box(*frame.seen(left, bottom, right, top)))


def _address(pdf: pypdfium2.PdfDocument, action: pdfium.FPDF_ACTION) -> str:
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    size = pdfium.FPDFAction_GetURIPath(pdf.raw, action, None, 0)
    if not 1 < size <= _MAX_BYTES:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(pdf.raw, action, buffer, size)
    return buffer.value.decode("utf-8", "replace").strip()
