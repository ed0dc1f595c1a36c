"""An Office Open XML package (ECMA-376 part 2): a ZIP archive of XML parts with relations between them."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.zipped import Zipped
from schemas.documents import Metadata
from schemas.errors import UnreadableDocument

if TYPE_CHECKING:
    from lxml.etree import _Element

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
_STRICT_NAMES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
    (b"presentationml/main", b"presentationml/2006/main"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
    (b"drawingml/picture", b"drawingml/2006/picture"),
    (b"drawingml/chart", b"drawingml/2006/chart"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another. `kind` is the last word of its type; `target` a part's name."""

    kind: str
    target: str
    external: bool


class Package(Zipped):
    """The parts of a file, with the relations between them."""

    def main_part(self) -> str:
        """Return the name of the part where reading starts.

        Raises:
            UnreadableDocument: the package names none.
        """
        for relation in self.relations("").values():
            if relation.kind == "officeDocument":
                return relation.target
        raise UnreadableDocument(self.uri, "damaged", "the package does not say where its document is")

    def tree(self, name: str) -> "_Element | None":
        """Return a part's root element, None if there is no such part. Strict names become transitional.

        Raises:
            UnreadableDocument: the part is no XML.
        """
        content = self.read(name)
        return None if content is None else xml_tree(content, self.uri, name)

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the relations of a part by their id; those of the package itself for an empty name."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for element in root.iter(_RELATION) if root is not None else ():
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Relation(kind, target, external)
        return found

    def metadata(self) -> Metadata:
        """Return what the package's core properties state."""
        root = self.tree("docProps/core.xml")
        facts = {} if root is None else {_local(child): (child.text or "").strip() for child in root}
        return Metadata(
            title=facts.get("title", ""),
            author=facts.get("creator", ""),
            created=facts.get("created", ""),
            modified=facts.get("modified", ""),
        )


def xml_tree(content: bytes, uri: str, name: str) -> "_Element":
    """Return the root of an XML part. No entity is expanded, no file or address is opened.

    Raises:
        UnreadableDocument: it is no XML.
    """
    from lxml import etree

    if _STRICT in content[:8192]:
        for strict, transitional in _STRICT_NAMES:
            content = content.replace(_STRICT + strict, _TRANSITIONAL + transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(uri, "damaged", f"{name} is no XML: {error.msg}") from error


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]
