"""An OpenDocument file: a ZIP archive of XML parts, or one flat XML file with all of them in it."""

import posixpath
from typing import TYPE_CHECKING

from parsers.odf.names import DC, HREF, META, OFFICE
from parsers.ooxml.package import xml_tree
from parsers.ooxml.pictures import PICTURE_TYPES
from parsers.zipped import Zipped
from schemas.documents import Metadata
from schemas.errors import UnreadableDocument

if TYPE_CHECKING:
    from lxml.etree import _Element

_ZIP_START = b"PK"


class OpenDocument:
    """The parts of a file.

    Raises:
        UnreadableDocument: it is damaged, or encrypted.
    """

    def __init__(self, content: bytes, uri: str) -> None:
        self.uri = uri
        self._zipped = Zipped(content, uri) if content.startswith(_ZIP_START) else None
        if self._zipped is None:
            self.content = xml_tree(content, uri, "it")
            self.roots = [self.content]
            return
        if b"encryption-data" in (self._zipped.read("META-INF/manifest.xml") or b""):
            raise UnreadableDocument(uri, "encrypted", "it has a password; save it without one")
        found = self._tree("content.xml")
        if found is None:
            raise UnreadableDocument(uri, "damaged", "it has no content.xml")
        self.content = found
        others = (self._tree("styles.xml"), self._tree("meta.xml"))
        self.roots = [found, *(root for root in others if root is not None)]

    def body(self, kind: str) -> "_Element | None":
        """Return what holds the text, the slides or the sheets."""
        return self.content.find(f"{OFFICE}body/{OFFICE}{kind}")

    def inner(self, reference: str) -> "_Element | None":
        """Return the content of an object inside the document, such as a chart or a formula."""
        return self._tree(posixpath.join(_inside(reference), "content.xml")) if reference else None

    def picture(self, image: "_Element") -> tuple[str, bytes] | None:
        """Return the media type and the bytes of a picture, None for linked ones and vector drawings."""
        name = _inside(image.get(HREF, ""))
        media_type = PICTURE_TYPES.get(posixpath.splitext(name)[1].lower())
        content = self._zipped.read(name) if self._zipped and media_type else None
        return (media_type, content) if media_type and content else None

    def metadata(self) -> Metadata:
        """Return what the document states of itself."""

        def stated(name: str) -> str:
            found = (root.find(f".//{OFFICE}meta/{name}") for root in self.roots)
            return next((" ".join((one.text or "").split()) for one in found if one is not None), "")

        return Metadata(
            title=stated(f"{DC}title"),
            author=stated(f"{META}initial-creator") or stated(f"{DC}creator"),
            created=stated(f"{META}creation-date"),
            modified=stated(f"{DC}date"),
        )

    def _tree(self, name: str) -> "_Element | None":
        content = self._zipped.read(name) if self._zipped else None
        return None if content is None else xml_tree(content, self.uri, name)


def _inside(reference: str) -> str:
    return posixpath.normpath(posixpath.join("/", reference)).lstrip("/")
