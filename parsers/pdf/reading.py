"""A whole PDF: pages read, furniture out, tables found, paragraphs whole, headings known."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import NamedTuple

from parsers.draft import Draft
from parsers.pdf.attachments import attachments_of
from parsers.pdf.blocks import BlockWriter
from parsers.pdf.cleaning import Joiner
from parsers.pdf.continued import with_whole_tables
from parsers.pdf.figures import figures_of
from parsers.pdf.furniture import without_furniture
from parsers.pdf.headings import Headings, body_size
from parsers.pdf.lines import Line, turned_lines
from parsers.pdf.metadata import metadata_of, outline_of, page_labels_of
from parsers.pdf.notes import attachment_notes, page_note
from parsers.pdf.opening import open_pdf
from parsers.pdf.page import Page
from parsers.pdf.pages import PageReader
from parsers.pdf.paragraphs import Chunk, chunks
from parsers.pdf.rejoining import rejoined, with_whole_titles
from parsers.pdf.table import Item
from parsers.pdf.tables import with_tables
from schemas.contracts import ParseOptions
from schemas.documents import Document, Metadata, OutlineEntry, Source

_MAX_PICTURES = 300
_MAX_PICTURE_BYTES = 32_000_000


class _Stated(NamedTuple):
    """What a document says besides its pages. `attachments` are the names of files in it."""

    metadata: Metadata
    outline: tuple[OutlineEntry, ...]
    attachments: tuple[str, ...]
    page_labels: tuple[str, ...]


def read_pdf(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document in `content`. Raises UnreadableDocument as `parse_pdf` does."""
    with _uncollected():
        return _read(content, source, options)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away: what is read lives until the document is done, and has no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(content: bytes, source: Source, options: ParseOptions) -> Document:
    pdf = open_pdf(content, source, options)
    try:
        stated = _Stated(metadata_of(pdf), outline_of(pdf), attachments_of(pdf), page_labels_of(pdf))
        pages = list(PageReader(pdf, _MAX_PICTURES, _MAX_PICTURE_BYTES).read())
    finally:
        pdf.close()
    return _document(pages, source, stated)


def _document(pages: Sequence[Page], source: Source, stated: _Stated) -> Document:
    kept = without_furniture([page.lines for page in pages], [page.height for page in pages])
    streams = [_stream(page, page_lines) for page, page_lines in zip(pages, kept, strict=True)]
    size = body_size(line for page_lines in kept for line in page_lines)
    items = with_whole_tables([item for stream in streams for item in stream])
    parts = with_whole_titles(rejoined(chunks(items, size), size))
    joiner = Joiner(line for page_lines in kept for line in page_lines)
    draft = Draft()
    writer = BlockWriter(draft, Headings(parts, size, stated.outline, stated.metadata.author), joiner, size)
    for part in sorted([*parts, *(field for page in pages for field in page.fields)], key=attrgetter("page")):
        writer.add(part)
    notes = (page_note(page, stream) for page, stream in zip(pages, streams, strict=True))
    return draft.document(
        source,
        metadata=stated.metadata,
        figures=figures_of(pages, [part for part in parts if isinstance(part, Chunk)], joiner),
        page_notes=(*attachment_notes(pages, stated.attachments), *filter(None, notes)),
        outline=stated.outline,
        page_count=len(pages),
        page_labels=stated.page_labels,
        links=tuple(link for page in pages for link in page.links),
    )


def _stream(page: Page, lines: Sequence[Line]) -> list[Item]:
    """Return a page's lines and tables in reading order; text that stands on its side comes last."""
    return [*with_tables(lines, page.rules, page.height), *turned_lines(page.turned, page.number)]
