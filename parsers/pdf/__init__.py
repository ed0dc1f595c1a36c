"""PDF: characters, sizes and lines from PDFium, structure by rule on top of them."""

from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Source
from schemas.registry import parsers


def parse_pdf(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document with its structure; pages without text carry a note, and are no error.

    Raises:
        UnreadableDocument: `encrypted` when no password opens it, `corrupt` when PDFium cannot read it.
    """
    from parsers.pdf.reading import read_pdf

    return read_pdf(content, source, options)


def parse_plainly(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document's text as paragraphs, read by pypdf: for files on which PDFium fails.

    Raises:
        UnreadableDocument: `encrypted` when no password opens it, `corrupt` when pypdf cannot read it.
    """
    from parsers.pdf.plain import read_plainly

    return read_plainly(content, source, options)


parsers.add(
    "pdf",
    ParserEntry(parse_pdf, ("application/pdf",), (".pdf",), "PDF with headings, columns, tables and figures"),
)
