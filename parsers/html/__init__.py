"""HTML pages: the content as a reader sees it, with its structure."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.html.blocks import Walk
from parsers.html.main_content import main_content
from parsers.html.metadata import page_language, page_metadata
from parsers.html.pictures import Picture, inline_picture
from parsers.html.rendered import LITTLE_TEXT, NO_TEXT, needs_browser, stated_body
from parsers.html.tree import html_tree
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, PageNote, PageQuality, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOSTLY_LINKS = 0.7


def parse_html(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the document in a web page, without navigation, banners and related links."""
    return page_document(content, source)


def page_document(
    content: bytes,
    source: Source,
    declared: str = "",
    picture: Callable[[str], Picture | None] = inline_picture,
) -> Document:
    """Return the document in a web page of a declared encoding. `picture` finds what it shows."""
    page = html_tree(content, declared)
    if page is None:
        raise UnreadableDocument(source.uri, "no_text", "there is no element in it")
    metadata, language = page_metadata(page), page_language(page)
    main = main_content(page)
    walk = Walk(Draft(), main.skipped, picture)
    for element in main.before:
        walk.add(element)
    walk.add(main.root)
    _add_what_scripts_show(walk.draft, page, source)
    return walk.draft.document(
        source,
        metadata=metadata,
        figures=tuple(walk.figures),
        page_notes=_notes(main.link_share),
        outline=tuple(walk.outline),
        language=language,
    )


def _add_what_scripts_show(draft: Draft, page: "_Element", source: Source) -> None:
    """Append to hardly any text the article in a page's data. A page that scripts fill has no other."""
    shown = len(draft.text.encode())
    if shown >= LITTLE_TEXT:
        return
    body = stated_body(page)
    for paragraph in body:
        draft.add(BlockKind.PARAGRAPH, paragraph)
    if not body and shown < NO_TEXT and needs_browser(page):
        detail = "scripts make its text in a browser; open it in one, and save the page from there"
        raise UnreadableDocument(source.uri, "needs_browser", detail)


def _notes(link_share: float) -> tuple[PageNote, ...]:
    """Return a note, on page 1, for a page that mainly leads to others, as a front page does."""
    if link_share <= _MOSTLY_LINKS:
        return ()
    return (PageNote(1, PageQuality.BOILERPLATE, f"{link_share:.0%} of its text are links"),)


parsers.add(
    "html",
    ParserEntry(
        parse_html,
        ("text/html", "application/xhtml+xml"),
        (".html", ".htm", ".xhtml"),
        "main content of web pages, with headings, lists, tables and code",
    ),
)
