"""Images in rows, as the `Image` feature of `datasets` stores them, and back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from schemas.contracts import Row
from schemas.errors import UnreadableRow
from schemas.requests import Image

if TYPE_CHECKING:
    import pyarrow as pa

# The first bytes of each kind, from the formats' own specifications.
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}


def image_type() -> "pa.DataType":
    """Return the type of one image."""
    import pyarrow as pa

    return pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def image_row(image: Image) -> Row:
    """Return the row of one image, with its bytes."""
    return {"bytes": image.content, "path": None}


def read_images(value: object) -> tuple[Image, ...]:
    """Return the images in an `images` column.

    Raises:
        UnreadableRow: it holds something else, or an image that is only a path.
    """
    if value is None:
        return ()
    if not isinstance(value, Sequence):
        raise UnreadableRow("'images' is not a list")
    return tuple(_read_image(item) for item in value)


def _read_image(item: object) -> Image:
    content = item.get("bytes") if isinstance(item, Mapping) else item
    if not isinstance(content, bytes):
        raise UnreadableRow("an image is given by a path, not by its bytes")
    return Image(media_type_of(content), content)


def media_type_of(content: bytes) -> str:
    """Return the media type that an encoded image's first bytes tell."""
    for signature, media_type in _SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    return "image/webp" if content[8:12] == b"WEBP" else "application/octet-stream"
