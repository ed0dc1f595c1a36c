"""Files inside a ZIP container, never unpacked without a bound."""

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from schemas.errors import UnreadableDocument

_MAX_PART_BYTES = 400 * 1024 * 1024
_MAX_RATIO = 300
_RATIO_MATTERS_BYTES = 32 * 1024 * 1024


class Zipped:
    """The parts of a document that is a ZIP container. A part is unpacked when it is asked for."""

    def __init__(self, content: bytes, uri: str) -> None:
        self.uri = uri
        try:
            self._archive = ZipFile(BytesIO(content))
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableDocument(uri, "damaged", f"its ZIP container is damaged: {error}") from error
        self._names = {name.lower(): name for name in self._archive.namelist()}

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
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > max_bytes or (ratio > _MAX_RATIO and info.file_size > _RATIO_MATTERS_BYTES):
        detail = f"{info.filename} unfolds to {info.file_size // 1_000_000} MB, {ratio:.0f} times its size"
        raise UnreadableDocument(uri, "decompression_bomb", detail)
    try:
        with archive.open(info) as member:
            return member.read(info.file_size + 1)
    except (
        BadZipFile,
        EOFError,
        zlib.error,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise UnreadableDocument(uri, "damaged", f"{info.filename} cannot be unpacked: {error}") from error
