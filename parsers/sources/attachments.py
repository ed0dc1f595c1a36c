"""What is attached to a mail: each file is a source of its own, named `message.eml!/report.pdf`."""

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from mimetypes import guess_extension
from pathlib import PurePosixPath

from parsers.sources.found import Found, Loaded, broken, too_large
from schemas.errors import UnreadableDocument
from schemas.text import whole_text

MAIL_SUFFIX = ".eml"
_BROKEN = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError)
_FORWARDED = "message/rfc822"
_MAY_ATTACH = re.compile(rb"filename|\bname\*?=|content-disposition:\s*attachment|message/rfc822", re.I)


def attachments(uri: str, content: bytes) -> Iterator[Found]:
    """Yield the files and forwarded mails in a mail, in their order, without the pictures that it shows."""
    if not _MAY_ATTACH.search(content):
        return
    try:
        parts = [part for part in _parts(_message(content)) if _is_attached(part)]
        names = _distinct([_name(part, number) for number, part in enumerate(parts, start=1)])
    except _BROKEN as error:
        yield broken(f"{uri}!/attachments", "damaged", f"its parts cannot be told apart: {error}")
        return
    for name, part in zip(names, parts, strict=True):
        inner = f"{uri}!/{name}"
        yield Found(inner, partial(_load, part, inner))


def _message(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield a mail's parts. A forwarded mail is one part: what is in it is its own."""
    stack: list[EmailMessage] = [message]
    while stack:
        part = stack.pop()
        if part.get_content_maintype() == "multipart":
            stack.extend(reversed([inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)]))
        elif part is not message:
            yield part


def _is_attached(part: EmailMessage) -> bool:
    if part.get_content_type() == _FORWARDED or part.get_content_disposition() == "attachment":
        return True
    return part.get_filename() is not None and part["Content-ID"] is None


def _name(part: EmailMessage, number: int) -> str:
    stated = PurePosixPath(whole_text(part.get_filename() or "").replace("\\", "/")).name
    if part.get_content_type() == _FORWARDED:
        return f"{stated.removesuffix(MAIL_SUFFIX) or f'message-{number}'}{MAIL_SUFFIX}"
    return stated or f"part-{number}{guess_extension(part.get_content_type()) or ''}"


def _distinct(names: list[str]) -> list[str]:
    """Return names with a number before each that stood there already."""
    return [f"{index}-{name}" if name in names[:index] else name for index, name in enumerate(names)]


def _load(part: EmailMessage, uri: str, max_bytes: int) -> Loaded:
    try:
        content = _content(part)
    except _BROKEN as error:
        raise UnreadableDocument(uri, "damaged", f"it cannot be unpacked: {error}") from error
    if len(content) > max_bytes:
        raise too_large(uri, max_bytes)
    return Loaded(content, part.get_content_type())


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == _FORWARDED:
        return b"".join(inner.as_bytes(policy=policy.compat32) for inner in part.iter_parts())
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
