"""Mail messages (.eml) and web pages saved in one file (.mhtml), which are written down alike."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from urllib.parse import urljoin

from parsers.draft import Draft
from parsers.encoding import clean, decode
from parsers.html import page_document
from parsers.html.blocks import Walk
from parsers.html.pictures import Picture, inline_picture
from parsers.html.tree import html_tree
from parsers.text import add_plain_text
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Figure, Metadata, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_SHOWN = ("From", "To", "Cc", "Date")


def parse_mail(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return a message: subject, sender and date, its body, and the names of its attachments."""
    message = _message(content)
    draft, figures = Draft(), list[Figure]()
    subject = _header(message, "Subject")
    draft.add(BlockKind.HEADING, subject, level=1)
    lines = [f"{name}: {value}" for name in _SHOWN if (value := _header(message, name))]
    draft.add(BlockKind.PARAGRAPH, "\n".join(lines))
    _add_body(draft, figures, message)
    names = [_shown(part.get_filename()) for part in message.walk() if part.get_filename()]
    draft.add(BlockKind.PARAGRAPH, f"Attachments: {', '.join(names)}" if names else "")
    sent = message["Date"]
    created = sent.datetime.isoformat() if sent is not None and sent.datetime is not None else ""
    metadata = Metadata(title=subject, author=_header(message, "From"), created=created)
    return draft.document(source, metadata=metadata, figures=tuple(figures))


def parse_mhtml(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the page in a saved web archive."""
    message = _message(content)
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    first = str(message.get_param("start") or "")
    page = next(
        (part for part in pages if first and part["Content-ID"] == first), pages[0] if pages else None
    )
    if page is None:
        raise UnreadableDocument(source.uri, "no_text", "there is no page in it")
    picture = partial(_picture, _resources(message), base=str(page["Content-Location"] or ""))
    return page_document(_payload(page), source, page.get_content_charset() or "", picture)


_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def web_archive_page(content: bytes) -> bytes | None:
    """Return the page alone that a web archive holds, None where it holds none."""
    page = _page(_message(content))
    return None if page is None else _payload(page)


def _page(message: EmailMessage) -> EmailMessage | None:
    return next((part for part in message.walk() if part.get_content_type() in _PAGES), None)


def _message(content: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)


def _header(message: EmailMessage, name: str) -> str:
    return _shown(str(message[name] or ""))


def _shown(text: str | None) -> str:
    return " ".join(clean(text or "").split())


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _add_body(draft: Draft, figures: list[Figure], message: EmailMessage) -> None:
    body = message.get_body(("plain", "html"))
    if not isinstance(body, EmailMessage):
        return
    charset = body.get_content_charset() or ""
    if body.get_content_type() == "text/plain":
        add_plain_text(draft, decode(_payload(body), charset))
    elif (tree := html_tree(_payload(body), charset)) is not None:
        Walk(draft, picture=partial(_picture, _resources(message)), figures=figures).add(tree)


def _resources(message: EmailMessage) -> dict[str, EmailMessage]:
    """Return the pictures that travel with a message, by the addresses under which they are shown."""
    found: dict[str, EmailMessage] = {}
    for part in message.walk():
        if part.get_content_maintype() == "image" and isinstance(part, EmailMessage):
            if content_id := part["Content-ID"]:
                found[f"cid:{str(content_id).strip('<> ')}"] = part
            if location := part["Content-Location"]:
                found["".join(str(location).split())] = part
    return found


def _picture(resources: dict[str, EmailMessage], address: str, base: str = "") -> Picture | None:
    """Return the picture at an address, which may be relative to that of the page."""
    part = resources.get(address) or (resources.get(_joined(base, address)) if base and address else None)
    return inline_picture(address) if part is None else Picture(part.get_content_type(), _payload(part))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # an address such as http://[
        return ""


parsers.add("mail", ParserEntry(parse_mail, ("message/rfc822",), (".eml",), "mail messages"))
parsers.add(
    "mhtml",
    ParserEntry(parse_mhtml, ("multipart/related",), (".mhtml", ".mht"), "web pages saved in one file"),
)
