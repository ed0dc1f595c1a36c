"""A PDF's text by pypdf alone: slower and plainer, and alive where PDFium is not."""

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from parsers.draft import Draft
from parsers.pdf.cleaning import clean
from parsers.pdf.metadata import stated_metadata
from parsers.pdf.opening import corrupt, encrypted
from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document, Metadata, PageNote, PageQuality, Source

# What pypdf lets through on broken files, beside its own errors.
_FAULTS = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError)


def read_plainly(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document's paragraphs by page. Raises UnreadableDocument as `parse_plainly` does."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not any(reader.decrypt(word) for word in ("", *options.passwords)):
            raise encrypted(source)
        page_count = len(reader.pages)
    except _FAULTS as error:
        raise corrupt(source, f"{type(error).__name__}: {error}") from error
    draft, notes = Draft(), []
    for number in range(1, page_count + 1):
        text = _page_text(reader, number - 1)
        if text is None or not text.strip():
            detail = "the page cannot be read" if text is None else "no text"
            notes.append(PageNote(number, PageQuality.NO_TEXT_LAYER, detail))
            continue
        for paragraph in _paragraphs(text):
            draft.add(BlockKind.PARAGRAPH, paragraph, page=number)
    return draft.document(source, metadata=_metadata(reader), page_notes=tuple(notes), page_count=page_count)


def _page_text(reader: PdfReader, index: int) -> str | None:
    try:
        return reader.pages[index].extract_text()
    except _FAULTS:
        return None


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs: lines up to an empty one, with words broken at their ends made whole."""
    for part in re.split(r"\n\s*\n", clean(text)):
        yield " ".join(re.sub(r"(?<=[^\W\d_])-\n(?=[^\W\d_])", "", part).split())


def _metadata(reader: PdfReader) -> Metadata:
    try:
        stated = reader.metadata
    except _FAULTS:
        return Metadata()
    if stated is None:
        return Metadata()
    keys = ("/Title", "/Author", "/CreationDate", "/ModDate")
    return stated_metadata(*(str(stated.get(key) or "") for key in keys))
