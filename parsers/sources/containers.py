"""Files that hold others: archives, compressed files, records, mails, large files with their parts.

What is in them are sources too.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from parsers.sources.archives import ARCHIVE_SUFFIX, is_one_document, members
from parsers.sources.attachments import MAIL_SUFFIX, attachments
from parsers.sources.compressed import COMPRESSED_SUFFIXES, TAR_SUFFIX, tar_members, unpacked_file
from parsers.sources.found import Found, broken
from parsers.sources.mailboxes import MAILBOX_SUFFIX, mails
from parsers.sources.parts import is_large, parts
from parsers.sources.records import RECORD_SUFFIXES, records
from schemas.errors import UnreadableDocument

_DEEPEST = 3
_HOLDING = {ARCHIVE_SUFFIX, TAR_SUFFIX, MAIL_SUFFIX, MAILBOX_SUFFIX} | RECORD_SUFFIXES | COMPRESSED_SUFFIXES


def holds_others(found: Found) -> bool:
    """Whether a source is a file of others by its name, packed, a mail, or records, or by its size."""
    return _suffix(found) in _HOLDING or is_large(found)


def unfolded(found: Found, max_bytes: int, depth: int = 0) -> Iterator[Found]:
    """Yield a source, or what is in it, up to three files deep: a mail comes before its attachments."""
    if not holds_others(found):
        yield found
    elif depth > _DEEPEST:
        yield broken(found.uri, "nested_too_deep", f"it stands more than {_DEEPEST} files deep in others")
    else:
        try:
            yield from _inside(found, _suffix(found), max_bytes, depth)
        except UnreadableDocument as error:
            yield broken(found.uri, error.reason, error.detail)
        except OSError as error:
            yield broken(found.uri, "unreadable_file", error.strerror or str(error))


def _suffix(found: Found) -> str:
    return PurePosixPath(found.name).suffix.lower()


def _inside(found: Found, suffix: str, max_bytes: int, depth: int) -> Iterator[Found]:
    if suffix in RECORD_SUFFIXES:
        yield from records(found.uri, _stream(found, max_bytes))
        return
    if found.open and is_large(found):
        yield from parts(found, found.open)
        return
    if suffix == MAIL_SUFFIX:
        mail = found.load(max_bytes)
        yield replace(found, load=lambda _: mail)
        inner = attachments(found.uri, mail.content)
    elif suffix == ARCHIVE_SUFFIX:
        archive = _stream(found, max_bytes)
        if is_one_document(archive):
            yield found
            return
        inner = members(found.uri, archive)
    elif suffix == MAILBOX_SUFFIX:
        inner = mails(found.uri, _stream(found, max_bytes), max_bytes)
    elif suffix == TAR_SUFFIX:
        inner = tar_members(found.uri, _stream(found, max_bytes), max_bytes)
    else:
        inner = iter([unpacked_file(found)])
    for one in inner:
        yield from unfolded(one, max_bytes, depth + 1)


def _stream(found: Found, max_bytes: int) -> IO[bytes]:
    return found.open() if found.open else BytesIO(found.load(max_bytes).content)
