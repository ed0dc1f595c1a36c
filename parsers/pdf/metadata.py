"""What a PDF says of itself: title, author, dates, and its own table of contents."""

import re
from typing import TYPE_CHECKING

from schemas.documents import Metadata, OutlineEntry

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MAX_OUTLINE_ENTRIES = 5_000
_NO_TITLE = re.compile(
    r"^(?:untitled|title|document\d*|slide \d+|presentation\d*"
    r"|microsoft \w+\s*-.*|about:blank|[^\s]*\.\w{2,5}"
    r"|\(?anonymous\)?|unspecified|none|null|[\W\d_]*)$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
    r"(?P<zone>Z|[+-]\d\d)?'?(?P<zone_minute>\d\d)?"
)


def metadata_of(pdf: "PdfDocument") -> Metadata:
    """Return what the document states; a title that some program made up is none."""
    keys = ("Title", "Author", "CreationDate", "ModDate")
    return stated_metadata(*(pdf.get_metadata_value(key).strip() for key in keys))


def stated_metadata(title: str, author: str, created: str, modified: str) -> Metadata:
    """Return the metadata in a PDF's own words and dates."""
    return Metadata(
        "" if _NO_TITLE.match(title.strip()) else " ".join(title.split()),
        " ".join(author.split()),
        iso_date(created),
        iso_date(modified),
    )


def iso_date(text: str) -> str:
    """Return a PDF date ("D:20240131120000+01'00'") as ISO 8601, an empty string when it is none."""
    match = _DATE.match(text.strip())
    if match is None or not 1 <= int(match["month"] or 1) <= 12 or not 1 <= int(match["day"] or 1) <= 31:
        return ""
    date = "-".join(part for part in match.group("year", "month", "day") if part)
    if not match["hour"]:
        return date
    zone = match["zone"] or ""
    offset = zone if zone in {"", "Z"} else f"{zone}:{match['zone_minute'] or '00'}"
    return f"{date}T{match['hour']}:{match['minute']}:{match['second'] or '00'}{offset}"


def outline_of(pdf: "PdfDocument") -> tuple[OutlineEntry, ...]:
    """Return the document's own table of contents, without entries that have no title."""
    entries: list[OutlineEntry] = []
    for bookmark in pdf.get_toc(max_depth=8):
        title = " ".join(bookmark.get_title().split())
        target = bookmark.get_dest()
        index = target.get_index() if target is not None else None
        if title:
            entries.append(OutlineEntry(title, bookmark.level + 1, None if index is None else index + 1))
        if len(entries) >= _MAX_OUTLINE_ENTRIES:
            break
    return tuple(entries)


def page_labels_of(pdf: "PdfDocument") -> tuple[str, ...]:
    """Return what the document calls its pages, nothing where it only counts them."""
    labels = tuple(pdf.get_page_label(index).strip() for index in range(len(pdf)))
    counted = all(label in {"", str(number)} for number, label in enumerate(labels, start=1))
    return () if counted else labels
