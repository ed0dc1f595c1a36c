"""Pictures that a page carries with it. None is ever fetched."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

_DATA = re.compile(
    r"data:(?P<type>image/(?:png|jpeg|webp|gif|tiff|bmp|avif))(?:;[^,;]*)*?(?P<base64>;base64)?,", re.I
)
_LEAST_BYTES = 1024
_ADDRESSES = ("src", "{http://www.w3.org/1999/xlink}href", "data-src", "data-original", "data-lazy-src")
_SETS = ("srcset", "data-srcset")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image's encoded bytes."""

    media_type: str
    content: bytes = field(repr=False)


def addresses(image: "_Element") -> Iterator[str]:
    """Yield where an image's picture may be: pages that load it late name a blank one first."""
    yield from filter(None, (image.get(name) for name in _ADDRESSES))
    sets = [image.get(name) or "" for name in _SETS]
    around = image.getparent()
    if around is not None and around.tag == "picture":
        sets += [source.get("srcset") or "" for source in around.iterchildren("source")]
    for candidates in sets:
        yield from (candidate.split()[0] for candidate in candidates.split(", ") if candidate.strip())


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
