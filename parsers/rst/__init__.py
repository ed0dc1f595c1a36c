"""reStructuredText, as docutils reads it, with what Sphinx adds to it."""

from typing import Any

from parsers.encoding import decode
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_SETTINGS: dict[str, Any] = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "syntax_highlight": "none",
    "line_length_limit": 100_000,  # docutils gives up a file with a longer line; 10,000 is its own limit
}


def parse_rst(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the document in a reStructuredText file. Nothing that it names is opened or run.

    Raises:
        UnreadableDocument: docutils cannot make sense of it.
    """
    from docutils.core import publish_doctree

    from parsers.rst.foreign import accept_foreign
    from parsers.rst.tree import document_of

    text = decode(content)
    accept_foreign(text)
    try:
        tree = publish_doctree(text, settings_overrides=_SETTINGS)
    except (ValueError, AttributeError, LookupError, TypeError) as error:
        raise UnreadableDocument(source.uri, "damaged", f"docutils cannot read it: {error}") from error
    return document_of(tree, source)


parsers.add(
    "rst",
    ParserEntry(parse_rst, ("text/x-rst",), (".rst", ".rest"), "reStructuredText, with Sphinx's markup"),
)
