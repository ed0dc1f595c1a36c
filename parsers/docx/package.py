"""A Word file as python-docx reads its package, and as a plain one where python-docx gives up."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from parsers.ooxml.package import Package, Relation, xml_tree
from parsers.zipped import DAMAGE

if TYPE_CHECKING:
    from docx.opc.pkgreader import PackageReader
    from lxml.etree import _Element

_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_MAX_PARTS = 2_000
_STYLE_END = b"</w:style>"


class WordPackage(Package):
    """The parts of a Word file.

    python-docx unpacks all of them at once: it is shown no bomb and nothing very large. Its own classes
    for elements are left out, and with them the parsing of parts that nobody asks for. What it cannot read
    is read part by part: relations that lead nowhere, parts of no stated type.
    """

    def __init__(self, content: bytes, uri: str) -> None:
        super().__init__(content, uri)
        self._opened = _opened(content) if self.fits(_MAX_UNPACKED_BYTES, _MAX_PARTS) else None

    def read(self, name: str) -> bytes | None:
        """Return a part's bytes, None if there is no such part."""
        content = self._opened.parts.get(name) if self._opened else None
        return super().read(name) if content is None else content

    def tree(self, name: str) -> "_Element | None":
        """Return a part's root element without the styles of tables, None if there is no such part."""
        content = self.read(name)
        return None if content is None else xml_tree(_without_table_styles(content), self.uri, name)

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the relations of a part by their id; those of the package itself for an empty name."""
        found = self._opened.relations.get(part) if self._opened else None
        return super().relations(part) if found is None else found


@dataclass(frozen=True, slots=True)
class _Opened:
    """What python-docx read: parts by name, and their relations, the package's own under no name."""

    parts: Mapping[str, bytes]
    relations: Mapping[str, Mapping[str, Relation]]


def _opened(content: bytes) -> _Opened | None:
    from docx.opc.exceptions import OpcError
    from docx.opc.pkgreader import PackageReader
    from lxml.etree import LxmlError

    try:
        package = PackageReader.from_file(BytesIO(content))
        return _Opened({_name(name): blob for name, _, _, blob in package.iter_sparts()}, _relations(package))
    except (AttributeError, LookupError, TypeError, OpcError, LxmlError, *DAMAGE):
        return None


def _relations(package: "PackageReader") -> Mapping[str, Mapping[str, Relation]]:
    found: dict[str, dict[str, Relation]] = {}
    for part, link in package.iter_srels():
        kind = link.reltype.rpartition("/")[2]
        target = link.target_ref if link.is_external else _name(link.target_partname)
        found.setdefault(_name(part), {})[link.rId] = Relation(kind, target, link.is_external)
    return found


def _without_table_styles(content: bytes) -> bytes:
    """Return XML without table styles: nobody reads them, and they are most of what a small file holds."""
    if b"<!" in content:
        return content  # a comment may hold half of one
    styles = content.split(_STYLE_END)
    kept = [style for style in styles[:-1] if not _is_table_style(style)]
    return _STYLE_END.join([*kept, styles[-1]])


def _is_table_style(style: bytes) -> bool:
    tag = style[: style.find(b">")].lstrip()
    return tag.startswith(b"<w:style ") and b'w:type="table"' in tag and not tag.endswith(b"/")


def _name(part: str) -> str:
    return part.lstrip("/")
