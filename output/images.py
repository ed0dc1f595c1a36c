"""Images in rows, as the `Image` feature of `datasets` stores them, or as files beside them, and back."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
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


UNKNOWN = "application/octet-stream"
# A hub takes 10,000 files in a folder, hence one for each first two digits of a digest.
FOLDER = "images"
COLUMN = "images"
STALE_IMAGES = f"{FOLDER}/??/{'[0-9a-f]' * 64}.*"


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
    return "image/webp" if content[8:12] == b"WEBP" else UNKNOWN


def beside_rows(row: Mapping[str, object], folder: Path) -> Mapping[str, object]:
    """Return a row whose images are paths relative to `folder`, where they are written as files."""
    images = row.get(COLUMN)
    if not isinstance(images, list):
        return row
    return {**row, COLUMN: [_written(image["bytes"], folder) for image in images]}


def beside_schema(schema: "pa.Schema") -> "pa.Schema":
    """Return the columns of rows whose images are paths."""
    import pyarrow as pa

    place = schema.get_field_index(COLUMN)
    return schema if place < 0 else schema.set(place, pa.field(COLUMN, pa.list_(pa.string())))


def _written(content: bytes, folder: Path) -> str:
    digest = hashlib.sha256(content).hexdigest()
    ending = media_type_of(content).partition("/")[2].replace("octet-stream", "bin")
    name = f"{FOLDER}/{digest[:2]}/{digest}.{ending}"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return name


def with_images(row: Mapping[str, object], folder: Path) -> Mapping[str, object]:
    """Return a row whose images are bytes, those that it gives by a path read from beside it in `folder`.

    Raises:
        UnreadableRow: a path leads out of the folder, or to no image.
    """
    images = row.get(COLUMN)
    if isinstance(images, str):
        images = [images]
    if not isinstance(images, list):
        return row
    return {**row, COLUMN: [_loaded(image, folder) for image in images]}


def _loaded(image: object, folder: Path) -> object:
    name = image.get("path") if isinstance(image, Mapping) and not image.get("bytes") else image
    if not isinstance(name, str):
        return image
    path = Path(os.path.abspath(folder / name))  # noqa: PTH100  # links stay: a hub's cache is made of them
    if not path.is_relative_to(folder.absolute()):
        raise UnreadableRow(f"the image '{name}' is not in the dataset's folder")
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnreadableRow(f"the image '{name}' cannot be read") from error
    if media_type_of(content) == UNKNOWN:
        raise UnreadableRow(f"'{name}' is no image of a kind that is known")
    return content
