"""ZIP archives: each member is a source of its own, named `archive.zip!/inner/file.docx`."""

import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from parsers.sources.files import is_junk
from parsers.sources.found import Found, Loaded, broken, too_large
from schemas.errors import UnreadableDocument

_MAX_MEMBERS = 100_000
_MAX_RATIO = 200
_RATIO_MATTERS_BYTES = 10 * 1024 * 1024


def members(uri: str, archive: IO[bytes]) -> Iterator[Found]:
    """Yield an archive's files, sorted by name. What is wrong with it is a source with a reason.

    The archive stays open as long as one of its members may still be loaded. Nothing is ever written to
    disk, so that a member's name cannot lead out of anywhere.
    """
    try:
        opened = ZipFile(archive)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield broken(uri, "damaged", f"not a readable ZIP archive: {error}")
        return
    files = sorted((info for info in opened.infolist() if _is_document(info)), key=lambda info: info.filename)
    if not files or len(files) > _MAX_MEMBERS:
        detail = f"it holds more than {_MAX_MEMBERS} files" if files else "the archive holds no file"
        yield broken(uri, "too_many_files" if files else "empty_archive", detail)
        return
    for info in files:
        name = f"{uri}!/{info.filename}"
        yield Found(name, partial(_load, opened, info, name))


def is_archive(content: bytes) -> bool:
    """Whether these bytes are a plain ZIP archive, and not a document in a ZIP's clothes."""
    from parsers.detection import ZIP, media_type

    return media_type(content, "") == ZIP


def open_archive(uri: str, content: bytes) -> Iterator[Found]:
    """Yield the files of an archive that is in memory."""
    return members(uri, BytesIO(content))


def _is_document(info: ZipInfo) -> bool:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    return not info.is_dir() and bool(parts) and not any(is_junk(part) for part in parts if part != "..")


def _load(archive: ZipFile, info: ZipInfo, uri: str, max_bytes: int) -> Loaded:
    if info.flag_bits & 1:
        raise UnreadableDocument(uri, "encrypted", "this member of the archive is encrypted; unpack it first")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > max_bytes:
        raise too_large(uri, max_bytes)
    if ratio > _MAX_RATIO and info.file_size > _RATIO_MATTERS_BYTES:
        raise UnreadableDocument(uri, "decompression_bomb", f"it unfolds to {ratio:.0f} times its size")
    try:
        with archive.open(info) as member:
            content = member.read(max_bytes + 1)
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise UnreadableDocument(uri, "damaged", f"this member cannot be unpacked: {error}") from error
    if len(content) > max_bytes:
        raise too_large(uri, max_bytes)
    return Loaded(content)
