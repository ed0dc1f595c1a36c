"""Opening a PDF, with whatever passwords there are."""

import pypdfium2
import pypdfium2.raw as pdfium

from schemas.contracts import ParseOptions
from schemas.documents import Source
from schemas.errors import UnreadableDocument


def open_pdf(content: bytes, source: Source, options: ParseOptions) -> pypdfium2.PdfDocument:
    """Return the open document; the caller closes it.

    Raises:
        UnreadableDocument: no password fits, or this is no PDF that PDFium can read.
    """
    for password in (None, "", *options.passwords):
        try:
            pdf = pypdfium2.PdfDocument(content, password=password)
        except pypdfium2.PdfiumError as error:
            failure = error
            if error.err_code != pdfium.FPDF_ERR_PASSWORD:
                break
        else:
            pdf.init_forms()
            return pdf
    if failure.err_code == pdfium.FPDF_ERR_PASSWORD:
        raise encrypted(source) from failure
    raise corrupt(source, str(failure)) from failure


def encrypted(source: Source) -> UnreadableDocument:
    """Return the error for a document that no password opens."""
    return UnreadableDocument(source.uri, "encrypted", "encrypted; pass --password")


def corrupt(source: Source, problem: str) -> UnreadableDocument:
    """Return the error for a document that cannot be read."""
    return UnreadableDocument(source.uri, "corrupt", f"not a readable PDF ({problem})")
