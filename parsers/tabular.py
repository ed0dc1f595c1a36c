"""Delimited text: CSV, TSV and their kin, as one table."""

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice

from parsers.draft import Draft
from parsers.encoding import decode
from parsers.tables import markdown_table
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_DELIMITERS = ",;\t|^~"
_STATED = re.compile(r"sep=(.)\n")  # the first line of what Excel is to open
_SAMPLE_ROWS = 50
_MAX_FIELD = 10_000_000


def parse_csv(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the table in a file of delimited text; the delimiter is found out."""
    text = decode(content)
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() :]
    csv.field_size_limit(_MAX_FIELD)
    try:
        rows = list(
            csv.reader(StringIO(text, newline=""), delimiter=stated[1] if stated else _delimiter(text))
        )
    except csv.Error as error:
        raise UnreadableDocument(source.uri, "damaged", f"not a table: {error}") from error
    draft = Draft()
    draft.add(BlockKind.TABLE, markdown_table([row for row in rows if any(cell.strip() for cell in row)]))
    return draft.document(source)


def _delimiter(text: str) -> str:
    """Return the sign that cuts most sample rows into the same number of fields, more than one."""
    lines = [line for line in islice(StringIO(text), _SAMPLE_ROWS) if line.strip()]
    scores = {sign: _agreement(lines, sign) for sign in _DELIMITERS}
    return max(scores, key=lambda sign: scores[sign])


def _agreement(lines: list[str], sign: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
    except csv.Error:
        return 0
    return max((count * min(width, 3) for width, count in widths.items() if width > 1), default=0)


parsers.add(
    "csv",
    ParserEntry(
        parse_csv,
        ("text/csv", "text/tab-separated-values"),
        (".csv", ".tsv"),
        "tables as delimited text",
    ),
)
