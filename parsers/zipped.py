"""Files inside a ZIP container, never unpacked without a bound."""

import lzma
import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from schemas.errors import UnreadableDocument

_MAX_PART_BYTES = 400 * 1024 * 1024
_MAX_RATIO = 300
_RATIO_MATTERS_BYTES = 32 * 1024 * 1024
DAMAGE = (
    BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Zipped:
    """The parts of a document that is a ZIP container. A part is unpacked when it is asked for."""

    def __init__(self, content: bytes, uri: str) -> None:
        self.uri = uri
        try:
            self._archive = ZipFile(BytesIO(content))
        except DAMAGE as error:
            raise UnreadableDocument(uri, "damaged", f"its ZIP container is damaged: {error}") from error
        self._names = {name.lower(): name for name in self._archive.namelist()}

    def fits(self, max_bytes: int, max_parts: int) -> bool:
        """Whether all parts may be unpacked at once: so many at most, of that size together, and no bomb."""
        infos = self._archive.infolist()
        small = len(infos) <= max_parts and sum(info.file_size for info in infos) <= max_bytes
        return small and not any(_unfolds(info) for info in infos)

    def read(self, name: str) -> bytes | None:
        """Return a part's bytes, None if there is no such part.

        Raises:
            UnreadableDocument: it is damaged, encrypted, or unfolds beyond all measure.
        """
        stored = self._names.get(name.lower())
        return None if stored is None else unpacked(self._archive, self._archive.getinfo(stored), self.uri)


def unpacked(archive: ZipFile, info: ZipInfo, uri: str, max_bytes: int = _MAX_PART_BYTES) -> bytes:
    """Return a member's bytes.

    Raises:
        UnreadableDocument: it is damaged, encrypted, or unfolds beyond `max_bytes`.
    """
    if info.flag_bits & 1:
        raise UnreadableDocument(uri, "encrypted", f"{info.filename} is encrypted; unpack it first")
    if info.file_size > max_bytes or _unfolds(info):
        size_mb = info.file_size // 1_000_000
        detail = f"{info.filename} unfolds to {size_mb} MB, {_ratio(info):.0f} times its size"
        raise UnreadableDocument(uri, "decompression_bomb", detail)
    try:
        with archive.open(info) as member:
            return member.read(info.file_size + 1)
    except DAMAGE as error:
        raise UnreadableDocument(uri, "damaged", f"{info.filename} cannot be unpacked: {error}") from error


def is_bomb(unpacked_bytes: int, packed_bytes: int) -> bool:
    """Whether so many bytes out of so few are more than documents are compressed by."""
    return unpacked_bytes > _RATIO_MATTERS_BYTES and unpacked_bytes > _MAX_RATIO * max(packed_bytes, 1)


def _unfolds(info: ZipInfo) -> bool:
    return is_bomb(info.file_size, info.compress_size)


def _ratio(info: ZipInfo) -> float:
    return info.file_size / max(info.compress_size, 1)
