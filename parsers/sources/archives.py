"""ZIP archives: each member is a source of its own, named `archive.zip!/inner/file.docx`."""

from collections.abc import Iterator
from functools import partial
from typing import IO
from zipfile import ZipFile, ZipInfo

from parsers.detection import holds_one_document
from parsers.sources.found import Found, Loaded, broken
from parsers.sources.junk import is_junk_path
from parsers.zipped import DAMAGE, unpacked

ARCHIVE_SUFFIX = ".zip"
_MAX_MEMBERS = 100_000
_SAYS_UTF8 = 0x800


def is_one_document(archive: IO[bytes]) -> bool:
    """Whether an archive is an Office file or a book under another name. It is left at its beginning."""
    try:
        return holds_one_document(ZipFile(archive))
    except DAMAGE:
        return False
    finally:
        archive.seek(0)


def members(uri: str, archive: IO[bytes]) -> Iterator[Found]:
    """Yield an archive's files, sorted by name. What is wrong with it is a source with a reason.

    The archive stays open as long as one of its members may still be loaded. Nothing is ever written to
    disk, so that a member's name cannot lead out of anywhere.
    """
    try:
        opened = ZipFile(archive)
    except DAMAGE as error:
        yield broken(uri, "damaged", f"not a readable ZIP archive: {error}")
        return
    documents = (info for info in opened.infolist() if not is_junk_path(info.filename) and not info.is_dir())
    files = sorted(documents, key=lambda info: info.filename)
    if not files or len(files) > _MAX_MEMBERS:
        detail = f"it holds more than {_MAX_MEMBERS} files" if files else "the archive holds no file"
        yield broken(uri, "too_many_files" if files else "empty_archive", detail)
        return
    for info in files:
        name = f"{uri}!/{_shown_name(info)}"
        yield Found(name, partial(_load, opened, info, name))


def _shown_name(info: ZipInfo) -> str:
    """Return a member's name, in UTF-8 where it fits, as most programs write it without saying so."""
    if info.flag_bits & _SAYS_UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _load(archive: ZipFile, info: ZipInfo, uri: str, max_bytes: int) -> Loaded:
    return Loaded(unpacked(archive, info, uri, max_bytes))
