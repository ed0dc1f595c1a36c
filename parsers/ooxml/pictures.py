"""The pictures in an Office package."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from parsers.ooxml.package import Package, Relation
from schemas.documents import Figure

PICTURE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


@dataclass(frozen=True, slots=True)
class Pictures:
    """Finds a part's pictures through its relations."""

    package: Package
    relations: Mapping[str, Relation]

    def figure(self, relation_id: str, index: int, alt: str, page: int | None = None) -> Figure | None:
        """Return a picture that is stored in the package; None for linked ones and vector drawings."""
        relation = self.relations.get(relation_id)
        if relation is None or relation.external:
            return None
        media_type = PICTURE_TYPES.get(PurePosixPath(relation.target).suffix.lower())
        content = self.package.read(relation.target) if media_type else None
        if not media_type or not content:
            return None
        return Figure(f"figure-{index + 1}", media_type, content, page=page, alt=" ".join(alt.split()))
