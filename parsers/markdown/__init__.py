"""Markdown: CommonMark with tables, front matter, and what dialects of it add."""

from parsers.draft import Draft
from parsers.encoding import decode
from parsers.markdown.dialects import commonmark, reader, without_modules
from parsers.markdown.front_matter import front_matter
from parsers.markdown.walk import MarkdownWalk
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, OutlineEntry, Source
from schemas.registry import parsers


def parse_markdown(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the document in a Markdown file, without its markup but for tables."""
    text = decode(content)
    front = front_matter(text)
    text = text[front.end :]
    draft = Draft()
    outline = add_markdown(draft, without_modules(text) if source.uri.endswith(".mdx") else text)
    return draft.document(source, metadata=front.metadata, outline=tuple(outline), language=front.language)


def add_markdown(draft: Draft, text: str, page: int | None = None) -> list[OutlineEntry]:
    """Append the blocks of Markdown, all on one page, and return its headings."""
    read = reader()
    walk = MarkdownWalk(draft, page, lambda part: read(commonmark(part)))
    walk.blocks(walk.read(text))
    return walk.outline


parsers.add(
    "markdown",
    ParserEntry(
        parse_markdown, ("text/markdown",), (".md", ".markdown", ".mdown", ".mdx"), "CommonMark with tables"
    ),
)
