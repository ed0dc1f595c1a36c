"""Large files of text, Markdown or rows: their parts are sources of their own, so that memory stays flat.

A file is looked through for where it may be cut, and each part is read when it is its turn.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from parsers.detection import media_type
from parsers.encoding import wide_encoding
from parsers.sources.found import Found, Loaded, too_large
from schemas.errors import UnreadableDocument

_LARGE_BYTES = 16 * 1024 * 1024
_PART_BYTES = 4 * 1024 * 1024
_TAIL_BYTES = 256 * 1024  # a part ends within so many bytes, if it can
_HEAD_BYTES = 64 * 1024
_SUFFIXES = frozenset({".txt", ".text", ".log", ".md", ".markdown", ".csv", ".tsv"})
_STATED_SIGN = re.compile(rb"(?:\xef\xbb\xbf)?sep=.\r?\n")
_HEADING = re.compile(rb"\n\r?\n(?=#{1,6} )")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_LINE = re.compile(rb"\n")
_SPACE = re.compile(rb"[ \t]")


def is_large(found: Found) -> bool:
    """Whether a source is a local file that is read in parts, by its name and size."""
    if found.stat is None or PurePosixPath(found.name).suffix.lower() not in _SUFFIXES:
        return False
    try:
        return found.stat().st_size > _LARGE_BYTES
    except OSError:  # reading it says what is wrong
        return False


def parts(found: Found, opened: Callable[[], IO[bytes]]) -> Iterator[Found]:
    """Yield a large file's parts, named `file.txt#12`, or itself if it is not what its name says."""
    with opened() as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
        kind = media_type(head, found.name)
        if kind not in _ENDS or wide_encoding(head):
            yield found
            return
        above = _header_bytes(head) if kind in _TABLES else 0
        for number, (start, end) in enumerate(_bounds(file, _ENDS[kind]), start=1):
            part = _Part(opened, start, end, above if start else 0, kind)
            uri = f"{found.uri}#{number}"
            yield Found(uri, partial(_load, part, uri))


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part stands in its file, and how much of the file's beginning belongs above it."""

    opened: Callable[[], IO[bytes]]
    start: int
    end: int
    above: int
    media_type: str


def _load(part: _Part, uri: str, max_bytes: int) -> Loaded:
    if part.above + part.end - part.start > max_bytes:
        raise too_large(uri, max_bytes)
    try:
        with part.opened() as file:
            header = file.read(part.above)
            file.seek(part.start)
            return Loaded(header + file.read(part.end - part.start), part.media_type)
    except OSError as error:
        raise UnreadableDocument(uri, "unreadable_file", error.strerror or str(error)) from error


def _bounds(file: IO[bytes], end_of: Callable[[bytes], int]) -> Iterator[tuple[int, int]]:
    """Yield where each part begins and ends."""
    start = 0
    waiting = b""
    while True:
        waiting += file.read(_PART_BYTES - len(waiting))
        size = end_of(waiting) if len(waiting) == _PART_BYTES else len(waiting)
        if not size:
            return
        yield start, start + size
        start, waiting = start + size, waiting[size:]


def _last(content: bytes, *breaks: re.Pattern[bytes]) -> int:
    """Return where the last break ends, of the first kind that is in the tail, else the last character."""
    for pattern in breaks:
        ends = [found.end() for found in pattern.finditer(content, len(content) - _TAIL_BYTES)]
        if ends:
            return ends[-1]
    lead = len(content) - 1
    while lead > len(content) - 4 and content[lead] & 0xC0 == 0x80:
        lead -= 1
    return lead if content[lead] & 0x80 else len(content)


def _last_row(content: bytes) -> int:
    """Return where the last line ends that does not end within a quoted cell, as far as that can be told."""
    end, at = 0, len(content) - _TAIL_BYTES
    is_quoted = content.count(b'"', 0, at) % 2
    for line in content[at:].split(b"\n")[:-1]:
        at += len(line) + 1
        is_quoted ^= line.count(b'"') % 2
        end = end if is_quoted else at
    return end or _last(content, _LINE, _SPACE)


def _header_bytes(head: bytes) -> int:
    """Return the length of a table's first row, with the line before it that states its delimiter."""
    stated = _STATED_SIGN.match(head)
    end = stated.end() if stated else 0
    for line in head[end:].splitlines(keepends=True):
        end += len(line)
        if head.count(b'"', 0, end) % 2 == 0:
            return end
    return 0


_ENDS: dict[str, Callable[[bytes], int]] = {
    "text/plain": lambda content: _last(content, _BLANK_LINE, _LINE, _SPACE),
    "text/markdown": lambda content: _last(content, _HEADING, _BLANK_LINE, _LINE, _SPACE),
    "text/csv": _last_row,
    "text/tab-separated-values": _last_row,
}
_TABLES = frozenset({"text/csv", "text/tab-separated-values"})
