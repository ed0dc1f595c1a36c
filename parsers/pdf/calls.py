"""PDFium's functions that are asked for every word, with addresses in the place of pointer objects.

A pointer object costs more than the call that returns it.
"""

import ctypes

import pypdfium2.raw as pdfium


def address_of(handle: pdfium.FPDF_TEXTPAGE) -> int:
    """Return where a handle of PDFium, or one of its functions, is found; 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


_HANDLE, _INDEX = ctypes.c_void_p, ctypes.c_int
_FILLS = ctypes.PYFUNCTYPE(ctypes.c_int, _HANDLE, _INDEX, _HANDLE)

loose_box = _FILLS(address_of(pdfium.FPDFText_GetLooseCharBox))
text_matrix = _FILLS(address_of(pdfium.FPDFText_GetMatrix))
text_object = ctypes.PYFUNCTYPE(_HANDLE, _HANDLE, _INDEX)(address_of(pdfium.FPDFText_GetTextObject))
font_size = ctypes.PYFUNCTYPE(ctypes.c_double, _HANDLE, _INDEX)(address_of(pdfium.FPDFText_GetFontSize))
font_of = ctypes.PYFUNCTYPE(_HANDLE, _HANDLE)(address_of(pdfium.FPDFTextObj_GetFont))
