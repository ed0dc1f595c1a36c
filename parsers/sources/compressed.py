"""Compressed files and tar archives: `notes.txt.gz!/notes.txt`, `corpus.tar.xz!/inner/file.docx`."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from parsers.sources.found import Found, Loaded, broken, too_large
from parsers.sources.junk import is_junk_path
from parsers.zipped import is_bomb
from schemas.errors import UnreadableDocument

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TAR_SUFFIX = ".tar"
_Opener = Callable[[IO[bytes]], gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile]
_OPENERS: dict[str, _Opener] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
_SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz"}
COMPRESSED_SUFFIXES = frozenset({*_OPENERS, *_SHORT})
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, ValueError, RecursionError)
_MAX_HEADER_BYTES = 1024 * 1024
_HEADER_TYPES = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)


def unpacked_file(found: Found) -> Found:
    """Return what a compressed file holds: one file of its name without the last suffix."""
    path = PurePosixPath(found.name)
    path = path.with_suffix(_SHORT.get(path.suffix.lower(), path.suffix))
    uri, opener = f"{found.uri}!/{path.stem}", _OPENERS[path.suffix.lower()]

    def load(max_bytes: int) -> Loaded:
        with _unfolding(uri, io.BytesIO(found.load(max_bytes).content), opener) as stream:
            content = stream.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise too_large(uri, max_bytes)
        return Loaded(content)

    outer = found.open
    return Found(uri, load, None if outer is None else lambda: _unfolding(uri, outer(), opener))


def tar_members(uri: str, archive: IO[bytes], max_bytes: int) -> Iterator[Found]:
    """Yield an archive's files in its own order, each read as it comes by: a stream has no way back.

    What is wrong with the archive is a source with a reason, behind the files that came before.
    """
    files = 0
    try:
        with archive, tarfile.open(fileobj=archive, mode="r|", tarinfo=_Member) as members:
            while member := members.next():
                members.members.clear()  # type: ignore[attr-defined]  # else it keeps an entry for each
                if not member.isdir() and not is_junk_path(member.name):
                    files += 1
                    yield _found(f"{uri}!/{member.name}", members, member, max_bytes)
    except UnreadableDocument as error:
        yield broken(uri, error.reason, error.detail)
    except _DAMAGE as error:
        yield broken(uri, "damaged", f"not a readable tar archive: {error}")
    else:
        if not files:
            yield broken(uri, "empty_archive", "the archive holds no file")


def _found(uri: str, members: tarfile.TarFile, member: tarfile.TarInfo, max_bytes: int) -> Found:
    if not member.isreg():
        return broken(uri, "no_file", "a link or a device in an archive, which is not followed")
    if member.size > max_bytes:
        error = too_large(uri, max_bytes)
        return broken(uri, error.reason, error.detail)
    file = members.extractfile(member)
    loaded = Loaded(file.read() if file else b"")
    return Found(uri, lambda _: loaded)


class _Member(tarfile.TarInfo):
    """A header that is read with suspicion."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Member":
        """Return the member that a header describes.

        Raises:
            tarfile.ReadError: it is damaged, which tarfile takes for the archive's end, or it is one of names
                and attributes that would fill the memory.
            tarfile.HeaderError: the archive ends.
        """
        try:
            member = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):
                raise tarfile.ReadError(str(error)) from error
            raise
        if member.size > _MAX_HEADER_BYTES and member.type in _HEADER_TYPES:
            raise tarfile.ReadError(f"a header of {member.size} bytes")
        return member


class _Unfolding(io.RawIOBase):
    """What is in a compressed file, byte by byte, until it turns out to be a bomb."""

    def __init__(self, uri: str, packed: IO[bytes], opener: _Opener) -> None:
        self._uri, self._packed, self._inner = uri, packed, opener(packed)
        self._unfolded = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer and return how many bytes it took, 0 at the end.

        Raises:
            UnreadableDocument: the file is damaged, or unfolds beyond all measure.
        """
        try:
            content = self._inner.read(memoryview(buffer).nbytes)
        except _DAMAGE as error:
            raise UnreadableDocument(self._uri, "damaged", f"it cannot be unpacked: {error}") from error
        self._unfolded += len(content)
        if is_bomb(self._unfolded, self._packed.tell()):
            raise UnreadableDocument(
                self._uri, "decompression_bomb", f"it unfolds to more than {self._unfolded // 1_000_000} MB"
            )
        memoryview(buffer).cast("B")[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Close the file and the one that it is packed in."""
        if not self.closed:
            self._inner.close()
            self._packed.close()
        super().close()


def _unfolding(uri: str, packed: IO[bytes], opener: _Opener) -> IO[bytes]:
    return io.BufferedReader(_Unfolding(uri, packed, opener))
