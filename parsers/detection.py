"""What a file is: by its content first, then by its suffix, then by what a server said."""

import codecs
import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import PurePath
from zipfile import ZipFile

from parsers.encoding import wide_encoding
from parsers.signatures import WHAT_TO_DO, WHAT_TO_DO_WITH_TEXT, kind_by_signature
from parsers.zipped import DAMAGE
from schemas.contracts import ParserEntry
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

ZIP = "application/zip"
HTML = "text/html"
PLAIN = "text/plain"
_BINARY = "application/octet-stream"
_FOREIGN_TEXT = "text/x-unknown"

_HEAD_BYTES = 4096
_FEW_CONTROLS = 0.01
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP_KINDS = (
    ("word/", _OFFICE + "wordprocessingml.document"),
    ("ppt/", _OFFICE + "presentationml.presentation"),
    ("xl/", _OFFICE + "spreadsheetml.sheet"),
    ("META-INF/container.xml", "application/epub+zip"),
    ("Index/Document.iwa", "application/vnd.apple.iwork"),
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_MAIL_START = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}")
_LONGEST_KIND = 200
_KIND_STATED = re.compile(r"application/[\w.+-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def parser_for(content: bytes, name: str, declared: str, uri: str) -> tuple[str, str]:
    """Return the name of the parser that reads these bytes, and their media type.

    Raises:
        UnreadableDocument: none does; the detail says what it is, where that is known.
    """
    found = media_type(content, name, declared)
    for parser, entry in parsers.items():
        if found in entry.media_types:
            return parser, found
    suffix = PurePath(name).suffix.lower()
    named = f"no parser reads '{suffix}'" if suffix and suffix not in _by_suffix() else "no parser reads it"
    if what := WHAT_TO_DO.get(found) or WHAT_TO_DO_WITH_TEXT.get(suffix):
        raise UnreadableDocument(uri, "unknown_format", f"{named}: {what}")
    if not found.startswith("text/"):
        named += f": its content is {found}"
    detail = f"{named}; `tunesmith list parsers` names what is read"
    raise UnreadableDocument(uri, "unknown_format", detail)


def media_type(content: bytes, name: str, declared: str = "") -> str:
    """Return the media type of bytes under a file name. Text of a foreign suffix is of no known type."""
    head = content[:_HEAD_BYTES]
    if found := _by_magic(content, head, name):
        return found
    if b"multipart/related" in head[:2000].lower() and _MAIL_START.match(head):
        return "multipart/related"
    if wide := wide_encoding(head):
        head = head.decode(wide, "ignore").encode("utf-8", "ignore")
    elif _is_binary(head):
        return _BINARY
    suffix = PurePath(name).suffix.lower()
    by_suffix = _by_suffix().get(suffix)
    if by_suffix is None or by_suffix.startswith(("image/", "application/pdf", _OFFICE, "application/epub")):
        by_suffix = None if by_suffix is None else PLAIN
    return _text_type(head, by_suffix, declared, suffix)


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text: control characters stand in it, other than a few in what is UTF-8."""
    controls = len(_CONTROL.findall(head))
    if not controls or controls > _FEW_CONTROLS * len(head):
        return bool(controls)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # it may end within a character
    except UnicodeDecodeError:
        return True
    return False


def _text_type(head: bytes, by_suffix: str | None, declared: str, suffix: str) -> str:
    if by_suffix and by_suffix not in (PLAIN, HTML):
        return by_suffix
    if _HTML_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if by_suffix:
        return by_suffix
    if declared and declared != _BINARY:
        return declared
    return PLAIN if not suffix else _FOREIGN_TEXT


def _by_magic(content: bytes, head: bytes, name: str) -> str | None:
    if signed := kind_by_signature(content):
        return signed
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(content, name)
    return None


def holds_one_document(archive: ZipFile) -> bool:
    """Whether a ZIP archive is an Office file, a book or the like, whatever its name says."""
    typed = "[Content_Types].xml" in archive.namelist()
    return _stated_kind(archive) is not None or (typed and _kind_of(archive) != ZIP)


def _zip_kind(content: bytes, name: str) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _kind_of(archive)
    except DAMAGE:
        return _kind_by_bytes(content, name)


def _kind_of(archive: ZipFile) -> str:
    if stated := _stated_kind(archive):
        return stated
    names = archive.namelist()
    kinds = (found for start, found in _ZIP_KINDS if any(member.startswith(start) for member in names))
    return next(kinds, ZIP)


def _stated_kind(archive: ZipFile) -> str | None:
    """Return the media type that a book or an OpenDocument file states in its member `mimetype`."""
    if "mimetype" not in archive.namelist() or archive.getinfo("mimetype").file_size > _LONGEST_KIND:
        return None
    stated = archive.read("mimetype").decode("ascii", "replace").strip()
    return stated if _KIND_STATED.fullmatch(stated) else None


def _kind_by_bytes(content: bytes, name: str) -> str:
    """Return what a damaged ZIP was: its members' names stand in it even so, else its own name may say it."""
    kinds = dict(_ZIP_KINDS)
    said = _by_suffix().get(PurePath(name).suffix.lower(), ZIP)
    otherwise = said if said in kinds.values() else ZIP
    return next((found for start, found in kinds.items() if start.encode() in content), otherwise)


def _by_suffix() -> Mapping[str, str]:
    """Return suffixes with the media type of their parser's files."""
    return _table(tuple(entry for _, entry in parsers.items()))


@lru_cache(maxsize=4)  # asked for with every file
def _table(entries: tuple[ParserEntry, ...]) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for entry in entries:
        table |= _types_of(entry)
    return table


def _types_of(entry: ParserEntry) -> dict[str, str]:
    """Pair suffixes with media types in order; suffixes past the last type share it."""
    last = len(entry.media_types) - 1
    return {suffix: entry.media_types[min(index, last)] for index, suffix in enumerate(entry.suffixes)}
