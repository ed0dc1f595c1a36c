"""EPUB books: chapters in reading order, with their pictures and their own tables of contents."""

import posixpath
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from parsers.draft import Draft
from parsers.epub.navigation import navigation_page, ncx
from parsers.html.blocks import Walk
from parsers.html.pictures import Picture
from parsers.html.tree import html_tree
from parsers.ooxml.package import xml_tree
from parsers.zipped import Zipped
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Figure, Metadata, OutlineEntry, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "application/x-dtbncx+xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})
_PICTURES = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp", "image/avif"}
)


def parse_epub(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the book's text in the order of its spine, its tables of contents as its outline."""
    book = Zipped(content, source.uri)
    name, package = _package(book)
    folder = posixpath.dirname(name)
    manifest = {item.get("id", ""): item for item in package.iter(f"{_OPF}item")}
    _refuse_locked(book, {_inside(folder, item.get("href", "")) for item in _pages(package, manifest)})
    types = {_inside(folder, item.get("href", "")): item.get("media-type", "") for item in manifest.values()}
    draft, figures, outline = Draft(), list[Figure](), list[OutlineEntry]()
    for item in _pages(package, manifest):
        page = _inside(folder, item.get("href", ""))
        tree = html_tree(book.read(page) or b"")
        if tree is not None:
            picture = partial(_picture, book, types, posixpath.dirname(page))
            walk = Walk(draft, _page_breaks(tree), picture, figures=figures, outline=outline)
            walk.add(next(tree.iter("body"), tree))
    return draft.document(
        source,
        metadata=_metadata(package),
        figures=tuple(figures),
        outline=_contents(book, folder, manifest.values()) or tuple(outline),
        language=(package.findtext(f".//{_DC}language") or "")[:2].lower() or None,
    )


def _pages(package: "_Element", manifest: "Mapping[str, _Element]") -> "list[_Element]":
    """Return the pages of a book in the order of its spine, in the manifest's where that leads to none."""
    listed = (manifest.get(reference.get("idref", "")) for reference in package.iter(f"{_OPF}itemref"))
    for items in ([item for item in listed if item is not None], manifest.values()):
        found = [
            item
            for item in items
            if item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split()
        ]
        if found:
            return found
    return []


def _refuse_locked(book: Zipped, pages: "Collection[str]") -> None:
    """Refuse a book whose pages are encrypted. Fonts are in many that are not.

    Raises:
        UnreadableDocument: they are.
    """
    content = book.read("META-INF/encryption.xml")
    tree = None if content is None else xml_tree(content, book.uri, "META-INF/encryption.xml")
    locked = () if tree is None else tree.iter("{*}CipherReference")
    if any(_inside("", reference.get("URI", "")) in pages for reference in locked):
        detail = "the book is protected against copying (DRM); only the shop's own programs open it"
        raise UnreadableDocument(book.uri, "encrypted", detail)


def _page_breaks(tree: "_Element") -> "Collection[_Element]":
    """Return the marks that say where pages of the printed book begin: their numbers are no text."""
    marked = (element for element in tree.iter() if "pagebreak" in (element.get("epub:type") or ""))
    return {*marked, *tree.iterfind(".//*[@role='doc-pagebreak']")}


def _package(book: Zipped) -> "tuple[str, _Element]":
    """Return the name and the root of the file that lists the book's parts."""
    container = book.read("META-INF/container.xml")
    tree = None if container is None else xml_tree(container, book.uri, "META-INF/container.xml")
    found = None if tree is None else next(tree.iter("{*}rootfile"), None)
    name = "" if found is None else found.get("full-path", "")
    content = book.read(name) if name else None
    if content is None:
        raise UnreadableDocument(book.uri, "damaged", "the book does not say where its parts are")
    return name, xml_tree(content, book.uri, name)


def _contents(book: Zipped, folder: str, items: "Collection[_Element]") -> tuple[OutlineEntry, ...]:
    """Return the table of contents that a book brings along, the newer kind if both, nothing if neither."""
    pages = ((item, navigation_page) for item in items if "nav" in item.get("properties", "").split())
    charts = ((item, ncx) for item in items if item.get("media-type") == _NCX)
    for item, read in (*pages, *charts):
        if found := read(book.read(_inside(folder, item.get("href", ""))) or b""):
            return found
    return ()


def _inside(folder: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(reference.partition("#")[0]))).lstrip("/")


def _picture(book: Zipped, types: dict[str, str], folder: str, address: str) -> Picture | None:
    name = _inside(folder, address)
    media_type = types.get(name, "")
    content = book.read(name) if media_type in _PICTURES else None
    return Picture(media_type, content) if content else None


def _metadata(package: "_Element") -> Metadata:
    def stated(name: str) -> str:
        return " ".join((package.findtext(f".//{_DC}{name}") or "").split())

    return Metadata(title=stated("title"), author=stated("creator"), created=stated("date"))


parsers.add("epub", ParserEntry(parse_epub, ("application/epub+zip",), (".epub",), "EPUB 2 and 3 books"))
