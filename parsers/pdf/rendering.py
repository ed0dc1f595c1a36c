"""Parts of a page as pictures."""

import math

import pypdfium2.raw as pdfium

from parsers.pdf.frame import Frame
from parsers.pdf.pictures import png
from schemas.documents import Box

_PIXELS_PER_POINT = 2.0
_MAX_PIXELS = 4_000_000
_WHITE = 0xFFFFFFFF


def rendered(page: pdfium.FPDF_PAGE, frame: Frame, box: Box) -> bytes | None:
    """Return what stands in `box` as a PNG file of 144 dots per inch, fewer when that were too large."""
    width, height = box.right - box.left, box.bottom - box.top
    scale = min(_PIXELS_PER_POINT, math.sqrt(_MAX_PIXELS / max(width * height, 1.0)))
    size = math.ceil(width * scale), math.ceil(height * scale)
    bitmap = pdfium.FPDFBitmap_CreateEx(*size, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, _WHITE)
        place = (round(edge * scale) for edge in (-box.left, -box.top, frame.width, frame.height))
        pdfium.FPDF_RenderPageBitmap(bitmap, page, *place, 0, pdfium.FPDF_REVERSE_BYTE_ORDER)
        return png(bitmap, reverse=False)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
