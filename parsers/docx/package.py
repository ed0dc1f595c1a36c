"""A Word file as python-docx opens it, and as a plain package where python-docx gives up."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from parsers.ooxml.package import Package, Relation
from parsers.zipped import DAMAGE

if TYPE_CHECKING:
    from docx.opc.part import Part
    from docx.opc.rel import Relationships
    from lxml.etree import _Element

_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_MAX_PARTS = 2_000


class WordPackage(Package):
    """The parts of a Word file.

    python-docx unpacks and parses all of them at once: it is shown no bomb and nothing very large. What
    it cannot open is read part by part: strict files, relations that lead nowhere, parts of no stated type.
    """

    def __init__(self, content: bytes, uri: str) -> None:
        super().__init__(content, uri)
        self._opened = _opened(content) if self.fits(_MAX_UNPACKED_BYTES, _MAX_PARTS) else None

    def main_part(self) -> str:
        """Return the name of the part where reading starts."""
        return self._opened.main if self._opened else super().main_part()

    def tree(self, name: str) -> "_Element | None":
        """Return a part's root element, None if there is no such part."""
        opened = self._opened.tree(name) if self._opened else None
        return super().tree(name) if opened is None else opened

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the relations of a part by their id; those of the package itself for an empty name."""
        opened = self._opened.links.get(part) if self._opened else None
        if opened is None:
            return super().relations(part)
        return {
            link_id: Relation(
                link.reltype.rpartition("/")[2],
                link.target_ref if link.is_external else _name(link.target_part),
                link.is_external,
            )
            for link_id, link in opened.items()
        }


@dataclass(frozen=True, slots=True)
class _Opened:
    """What python-docx opened: its parts by name, and their relations, the package's own under no name."""

    main: str
    parts: Mapping[str, "Part"]
    links: Mapping[str, "Relationships"]

    def tree(self, name: str) -> "_Element | None":
        """Return a part's root element, None for a part that python-docx has not parsed."""
        from docx.opc.part import XmlPart

        part = self.parts.get(name)
        return part.element if isinstance(part, XmlPart) else None


def _opened(content: bytes) -> _Opened | None:
    from docx.opc.exceptions import OpcError
    from docx.package import Package as OpcPackage
    from lxml.etree import LxmlError

    try:
        package = OpcPackage.open(BytesIO(content))
        parts = {_name(part): part for part in package.iter_parts()}
        links = {"": package.rels, **{name: part.rels for name, part in parts.items()}}
        return _Opened(_name(package.main_document_part), parts, links)
    except (AttributeError, LookupError, TypeError, OpcError, LxmlError, *DAMAGE):
        return None


def _name(part: "Part") -> str:
    return str(part.partname).lstrip("/")
