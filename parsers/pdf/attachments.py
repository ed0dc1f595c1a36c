"""Files that a PDF carries: named, not read."""

from collections.abc import Iterator
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.pdf.fields import annotation_of, wide_text

_MAX_ATTACHMENTS = 1_000


def attachments_of(pdf: pypdfium2.PdfDocument) -> tuple[str, ...]:
    """Return the names of the files attached to a document."""
    return tuple(_names(pdf))


def pinned_to(page: pdfium.FPDF_PAGE) -> Iterator[str]:
    """Yield the names of files that are pinned to a page, as paper clips show them."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ATTACHMENTS)):
        with annotation_of(page, index) as annotation:
            if annotation and pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_FILEATTACHMENT:
                attachment = pdfium.FPDFAnnot_GetFileAttachment(annotation)
                name = wide_text(partial(pdfium.FPDFAttachment_GetName, attachment)) if attachment else ""
                yield name or "a file without a name"


def _names(pdf: pypdfium2.PdfDocument) -> Iterator[str]:
    for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(pdf.raw), _MAX_ATTACHMENTS)):
        attachment = pdfium.FPDFDoc_GetAttachment(pdf.raw, index)
        name = wide_text(partial(pdfium.FPDFAttachment_GetName, attachment)) if attachment else ""
        yield name or f"attachment {index + 1}"
