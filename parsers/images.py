"""Images: figures without text, marked for a vision model. Each page of a TIFF file is a page."""

from pathlib import PurePath

from parsers.showing import NotShown, pictures
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Figure, PageNote, PageQuality, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_SUFFIXES = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/gif": (".gif",),
    "image/bmp": (".bmp",),
    "image/avif": (".avif",),
    "image/jp2": (".jp2", ".jpx", ".j2k"),
}


def parse_image(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return a document without text, a figure for each page, and notes that say so."""
    pages = list(pictures(content))
    if all(isinstance(page, NotShown) for page in pages):
        (why, *_rest) = (page.reason for page in pages if isinstance(page, NotShown))
        raise UnreadableDocument(source.uri, "damaged", f"the picture cannot be decoded: {why}")
    figures, notes = list[Figure](), list[PageNote]()
    for number, page in enumerate(pages, start=1):
        if isinstance(page, NotShown):
            notes.append(PageNote(number, PageQuality.NO_TEXT_LAYER, f"it cannot be decoded: {page.reason}"))
        else:
            notes.append(PageNote(number, PageQuality.NO_TEXT_LAYER, _described(source)))
            figures.append(Figure(f"figure-{number}", page.media_type, page.content, page=number))
    return Document(source, "", figures=tuple(figures), page_notes=tuple(notes), page_count=len(pages))


def _described(source: Source) -> str:
    kind = source.media_type.removeprefix("image/").upper()
    suffix = PurePath(source.uri).suffix.lower()
    misnamed = f" under a name that ends in {suffix}" if suffix not in _SUFFIXES[source.media_type] else ""
    return f"a {kind} image{misnamed}"


parsers.add(
    "image",
    ParserEntry(
        parse_image,
        tuple(_SUFFIXES),
        (*(suffixes[0] for suffixes in _SUFFIXES.values()), ".jpeg", ".tiff", ".jpx", ".j2k"),
        "pictures, kept for vision models, scans in several pages too",
    ),
)
