"""PDFium's functions that are asked again and again, with addresses in the place of pointer objects.

A pointer object costs more than the call that returns it.
"""

import ctypes

import pypdfium2.raw as pdfium


def address_of(handle: object) -> int:
    """Return where a handle of PDFium, or one of its functions, is found; 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]


_LARGEST_KEPT = 1 << 22


class Buffer:
    """Memory for PDFium to write to, which grows. A ctypes array of each new length would be a new type."""

    def __init__(self, size: int) -> None:
        self._grow(size)

    def _grow(self, size: int) -> None:
        self._memory = ctypes.create_string_buffer(size)
        self.address = ctypes.addressof(self._memory)
        self.bytes = memoryview(self._memory).cast("B")

    def holding(self, size: int) -> "Buffer":
        """Return the buffer with room for `size` bytes at least; what it held is lost if it grows.

        One page of millions of words gets a buffer of its own, which goes with it.
        """
        if size > _LARGEST_KEPT:
            return Buffer(size)
        if size > len(self.bytes):
            self._grow(1 << size.bit_length())
        return self


_HANDLE, _INDEX = ctypes.c_void_p, ctypes.c_int
_KIND = ctypes.PYFUNCTYPE(ctypes.c_int, _HANDLE)
_PART = ctypes.PYFUNCTYPE(_HANDLE, _HANDLE, _INDEX)
_FILLS = ctypes.PYFUNCTYPE(None, _HANDLE, _INDEX, _HANDLE)
_FILLS_ONE = ctypes.PYFUNCTYPE(None, _HANDLE, _HANDLE)
_FILLS_TWO = ctypes.PYFUNCTYPE(ctypes.c_int, _HANDLE, _HANDLE, _HANDLE)
_FILLS_FOUR = ctypes.PYFUNCTYPE(ctypes.c_int, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)

loose_box = _FILLS(address_of(pdfium.FPDFText_GetLooseCharBox))
text_matrix = _FILLS(address_of(pdfium.FPDFText_GetMatrix))
text_object = _PART(address_of(pdfium.FPDFText_GetTextObject))
font_size = ctypes.PYFUNCTYPE(ctypes.c_double, _HANDLE, _INDEX)(address_of(pdfium.FPDFText_GetFontSize))
page_text = ctypes.PYFUNCTYPE(ctypes.c_int, _HANDLE, _INDEX, _INDEX, _HANDLE)(
    address_of(pdfium.FPDFText_GetText)
)
font_of = ctypes.PYFUNCTYPE(_HANDLE, _HANDLE)(address_of(pdfium.FPDFTextObj_GetFont))
font_name = ctypes.PYFUNCTYPE(ctypes.c_size_t, _HANDLE, _HANDLE, ctypes.c_size_t)(
    address_of(pdfium.FPDFFont_GetBaseFontName)
)
font_flags = _KIND(address_of(pdfium.FPDFFont_GetFlags))
font_weight = _KIND(address_of(pdfium.FPDFFont_GetWeight))

object_on_page = _PART(address_of(pdfium.FPDFPage_GetObject))
object_in_form = _PART(address_of(pdfium.FPDFFormObj_GetObject))
kind_of = _KIND(address_of(pdfium.FPDFPageObj_GetType))
bounds_of = _FILLS_FOUR(address_of(pdfium.FPDFPageObj_GetBounds))
matrix_of = _FILLS_ONE(address_of(pdfium.FPDFPageObj_GetMatrix))
draw_mode = _FILLS_TWO(address_of(pdfium.FPDFPath_GetDrawMode))
segment_count = _KIND(address_of(pdfium.FPDFPath_CountSegments))
segment_of = _PART(address_of(pdfium.FPDFPath_GetPathSegment))
segment_kind = _KIND(address_of(pdfium.FPDFPathSegment_GetType))
segment_point = _FILLS_TWO(address_of(pdfium.FPDFPathSegment_GetPoint))
segment_closes = _KIND(address_of(pdfium.FPDFPathSegment_GetClose))
