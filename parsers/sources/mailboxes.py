"""Mailboxes (.mbox): each mail is a source of its own, named `box.mbox!/12.eml`, with its attachments."""

import re
from collections.abc import Iterator
from typing import IO

from parsers.sources.found import Found, Loaded, broken, too_large

MAILBOX_SUFFIX = ".mbox"
_MAIL = "message/rfc822"
_START = b"From "
_QUOTED = re.compile(rb"^>(>*From )", re.M)  # as mboxrd writes lines that look like a start
_LONGEST_LINE = 1024 * 1024


def mails(uri: str, box: IO[bytes], max_bytes: int) -> Iterator[Found]:
    """Yield the mails in a mailbox in its own order, each read as it comes by. A stream has no way back."""
    number = 0
    with box:
        line = box.readline(_LONGEST_LINE)
        if not line.startswith(_START):
            yield broken(uri, "damaged", "not a mailbox: it does not begin with a line `From ...`")
            return
        while line:
            number += 1
            content, line = _mail(box, max_bytes)
            yield _found(f"{uri}!/{number}.eml", content, max_bytes)


def _mail(box: IO[bytes], max_bytes: int) -> tuple[bytes | None, bytes]:
    """Return what stands before the next mail's first line, None if it is too much, and that line."""
    lines: list[bytes] = []
    size, after_blank = 0, False
    while line := box.readline(_LONGEST_LINE):
        if after_blank and line.startswith(_START):
            break
        after_blank = not line.strip()
        size += len(line)
        if size <= max_bytes:
            lines.append(line)
    return (_QUOTED.sub(rb"\1", b"".join(lines)) if size <= max_bytes else None), line


def _found(uri: str, content: bytes | None, max_bytes: int) -> Found:
    if content is None:
        error = too_large(uri, max_bytes)
        return broken(uri, error.reason, error.detail)
    loaded = Loaded(content, _MAIL)
    return Found(uri, lambda _: loaded)
