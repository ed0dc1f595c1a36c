"""Filled-in fields of forms, which are no part of a page's text."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.pdf.frame import Frame
from parsers.pdf.page import Field
from schemas.documents import Box

_MAX_FIELDS = 5_000
_MAX_BYTES = 200_000
_CHOICES = frozenset({pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX})
_VALUED = _CHOICES | {
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_CHECKBOX,
    pdfium.FPDF_FORMFIELD_RADIOBUTTON,
}
_OFF = "Off"


class FieldReader:
    """Reads the fields of one document, each once, at the place where it shows first."""

    def __init__(self, pdf: pypdfium2.PdfDocument) -> None:
        self._form = pdf.formenv.raw if pdf.formenv else None
        self._seen: set[str] = set()

    def read(self, page: pdfium.FPDF_PAGE, frame: Frame, number: int) -> Iterator[Field]:
        """Yield the fields of a page that hold something. Passwords stay out."""
        if self._form is None:
            return
        for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_FIELDS)):
            with annotation_of(page, index) as annotation:
                kind = pdfium.FPDFAnnot_GetFormFieldType(self._form, annotation) if annotation else -1
                if kind not in _VALUED:
                    continue
                name = self._text(pdfium.FPDFAnnot_GetFormFieldName, annotation)
                value = "" if name in self._seen else self._value(annotation, kind)
                if value:
                    self._seen.add(name)
                    label = self._text(pdfium.FPDFAnnot_GetFormFieldAlternateName, annotation) or name
                    yield Field(label, value, number, _box(annotation, frame))

    def _value(self, annotation: pdfium.FPDF_ANNOTATION, kind: int) -> str:
        flags = pdfium.FPDFAnnot_GetFormFieldFlags(self._form, annotation)
        if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and flags & pdfium.FPDF_FORMFLAG_TEXT_PASSWORD:
            return ""
        chosen = ", ".join(filter(None, self._chosen(annotation))) if kind in _CHOICES else ""
        value = chosen or self._text(pdfium.FPDFAnnot_GetFormFieldValue, annotation)
        return "" if kind not in _CHOICES and value == _OFF else value

    def _chosen(self, annotation: pdfium.FPDF_ANNOTATION) -> Iterator[str]:
        """Yield the labels of the options that are chosen; the field's own value may be a code."""
        for index in range(min(pdfium.FPDFAnnot_GetOptionCount(self._form, annotation), _MAX_FIELDS)):
            if pdfium.FPDFAnnot_IsOptionSelected(self._form, annotation, index):
                yield self._text(pdfium.FPDFAnnot_GetOptionLabel, annotation, index)

    def _text(self, ask: Callable[..., int], annotation: pdfium.FPDF_ANNOTATION, *index: int) -> str:
        return wide_text(lambda buffer, size: ask(self._form, annotation, *index, buffer, size))


def wide_text(ask: Callable[[object, int], int]) -> str:
    """Return a text that PDFium writes to a buffer as UTF-16, in one line."""
    size = min(ask(None, 0), _MAX_BYTES)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(buffer, size)
    text = bytes(buffer)[:size].decode("utf-16-le", "replace")
    return " ".join(text.split("\0")[0].split())


@contextmanager
def annotation_of(page: pdfium.FPDF_PAGE, index: int) -> Iterator[pdfium.FPDF_ANNOTATION]:
    """Give an annotation of a page, and close it behind."""
    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _box(annotation: pdfium.FPDF_ANNOTATION, frame: Frame) -> Box | None:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return None
    return Box(*frame.seen(rect.left, rect.bottom, rect.right, rect.top))
