"""Word files: a walk over their XML, which loses nothing that python-docx's own interface leaves out."""

from typing import TYPE_CHECKING

from parsers.docx.body import Body, Surroundings
from parsers.docx.chunks import Chunks
from parsers.docx.names import W
from parsers.docx.numbering import Numbering
from parsers.docx.package import WordPackage
from parsers.docx.styles import Styles
from parsers.draft import Draft
from parsers.ooxml.package import Package, Relation
from parsers.ooxml.pictures import Pictures
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import Document, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_NOTE_KINDS = (("footnotes", "footnote"), ("endnotes", "endnote"))


def parse_docx(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document in a Word file: body text in order, notes behind their marks, no page headers."""
    package = WordPackage(content, source.uri)
    main = package.main_part()
    root = package.tree(main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise UnreadableDocument(source.uri, "damaged", "it has no document body")
    parts = _Parts(package, main)
    styles = Styles(parts.tree("styles"))
    around = Surroundings(
        styles,
        Numbering(parts.tree("numbering")),
        {(kind, i): note for part, kind in _NOTE_KINDS for i, note in parts.by_id(part, kind).items()},
        parts.by_id("comments", "comment") if options.comments else {},
        Pictures(package, parts.relations),
        Chunks(package, parts.relations),
    )
    reader = Body(Draft(), around)
    reader.add(body)
    return reader.draft.document(
        source,
        metadata=package.metadata(),
        figures=tuple(reader.figures),
        outline=tuple(reader.outline),
        language=styles.language,
    )


class _Parts:
    """The parts that the main part refers to."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self.relations: Mapping[str, Relation] = package.relations(main)

    def tree(self, kind: str) -> "_Element | None":
        found = (relation for relation in self.relations.values() if relation.kind == kind)
        relation = next(found, None)
        return None if relation is None or relation.external else self._package.tree(relation.target)

    def by_id(self, part: str, name: str) -> dict[str, "_Element"]:
        root = self.tree(part)
        elements = () if root is None else root.iterchildren(f"{W}{name}")
        return {element.get(f"{W}id", ""): element for element in elements if not element.get(f"{W}type")}


parsers.add(
    "docx",
    ParserEntry(
        parse_docx,
        (f"{_OFFICE}document", "application/vnd.ms-word.document.macroEnabled.12", f"{_OFFICE}template"),
        (".docx", ".docm", ".dotx"),
        "Word files, tracked changes taken as accepted",
    ),
)
