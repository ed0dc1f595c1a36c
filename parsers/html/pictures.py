"""Pictures that a page carries with it. None is ever fetched."""

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

_DATA = re.compile(
    r"data:(?P<type>image/(?:png|jpeg|webp|gif|tiff|bmp|avif))(?:;[^,;]*)*?(?P<base64>;base64)?,", re.I
)
_LEAST_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """An image's encoded bytes."""

    media_type: str
    content: bytes = field(repr=False)


def inline_picture(address: str) -> Picture | None:
    """Return the picture in a `data:` address, None without one worth keeping (spacers, icons)."""
    head = _DATA.match(address)
    if head is None:
        return None
    encoded = unquote_to_bytes(address[head.end() :])
    try:
        content = b64decode(encoded, validate=False) if head["base64"] else encoded
    except binascii.Error:
        return None
    return Picture(head["type"].lower(), content) if len(content) >= _LEAST_BYTES else None
