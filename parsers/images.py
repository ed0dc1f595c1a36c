"""Images: a figure without text, marked for a vision model."""

from pathlib import PurePath

from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Figure, PageNote, PageQuality, Source
from schemas.registry import parsers

_SUFFIXES = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
}


def parse_image(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return a document without text whose only figure is the image, and a note that says so."""
    kind = source.media_type.removeprefix("image/").upper()
    suffix = PurePath(source.uri).suffix.lower()
    misnamed = f" under a name that ends in {suffix}" if suffix not in _SUFFIXES[source.media_type] else ""
    note = PageNote(1, PageQuality.NO_TEXT_LAYER, f"a {kind} image{misnamed}")
    figure = Figure("figure-1", source.media_type, content, page=1)
    return Document(source, "", figures=(figure,), page_notes=(note,), page_count=1)


parsers.add(
    "image",
    ParserEntry(
        parse_image,
        ("image/png", "image/jpeg", "image/webp", "image/tiff"),
        (".png", ".jpg", ".webp", ".tif", ".jpeg", ".tiff"),
        "pictures, kept for vision models",
    ),
)
