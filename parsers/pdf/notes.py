"""What is wrong with a page, and what was not read."""

from collections.abc import Iterator, Sequence

from parsers.pdf.garbled import why_garbled
from parsers.pdf.lines import Line
from parsers.pdf.page import Page
from parsers.pdf.table import Item, Table
from schemas.documents import PageNote, PageQuality

_FEW_WORDS, _COVERING_SHARE = 5, 0.6
_BROKEN_SHARE = 0.1
_TABLE_SHARE = 0.6


def attachment_notes(pages: Sequence[Page], names: Sequence[str]) -> Iterator[PageNote]:
    """Yield a note, on page 1, that names the files of a document, and one for each page that has some."""
    carried = {page.number: page.pinned for page in pages if page.pinned}
    if names:
        carried = {1: (), **carried}
        carried[1] = (*names, *(name for name in carried[1] if name not in names))
    for number, files in carried.items():
        detail = f"carries files that are not read: {', '.join(files)}"
        yield PageNote(number, PageQuality.ATTACHMENT, detail)


def page_note(page: Page, items: Sequence[Item]) -> PageNote | None:
    """Return the note on a page, None when nothing is wrong. An empty page is not wrong."""
    if page.unreadable:
        return PageNote(page.number, PageQuality.NO_TEXT_LAYER, "the page cannot be loaded")
    words = sum(map(len, page.lines)) + len(page.turned) + len(page.fields)
    if not words and page.drawings:
        return PageNote(page.number, PageQuality.NO_TEXT_LAYER, "pictures or drawings, and no text")
    if words < _FEW_WORDS and page.picture_share > _COVERING_SHARE:
        return PageNote(page.number, PageQuality.NO_TEXT_LAYER, "a picture covers the page")
    if why := why_garbled(" ".join([line.text for line in page.lines if not line.font.mono])):
        return PageNote(page.number, PageQuality.GARBLED, why)
    if page.broken_characters:
        texts = (*(line.text for line in page.lines), *(word.text for word in page.turned))
        characters = sum(len(text) - text.count(" ") for text in texts)
        if page.broken_characters > _BROKEN_SHARE * max(characters, 1):
            detail = f"{page.broken_characters} of {characters} characters have no known meaning"
            return PageNote(page.number, PageQuality.GARBLED, detail)
    tables = [item for item in items if isinstance(item, Table)]
    if not tables:
        return None
    in_tables = sum(len(cell) for table in tables for row in table.rows for cell in row)
    outside = sum(len(item.text) for item in items if isinstance(item, Line))
    if in_tables > _TABLE_SHARE * (in_tables + outside):
        return PageNote(page.number, PageQuality.MOSTLY_TABLE)
    return None
