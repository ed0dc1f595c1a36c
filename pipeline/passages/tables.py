"""Tables of which a passage holds only some rows: their header, and which rows they are."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from schemas.documents import Block, BlockKind, Document, Passage

_FIRST_CELL = re.compile(r"^\|((?:[^|\\\n]|\\.)*)\|", re.M)


def table_header(passage: Passage) -> Passage | None:
    """Return the first row of the table that `passage` begins inside of, None where it does not.

    Without it a row's cells mean nothing, so that it is shown with the rows.
    """
    document, start = passage.document, passage.start
    for block in document.blocks_between(start, start + 1):
        if block.kind is BlockKind.TABLE and block.start < start:
            line_end = document.text.find("\n", block.start, block.end)
            return Passage(document, block.start, line_end if line_end >= 0 else block.end)
    return None


def cut_tables(passage: Passage) -> Iterator[Block]:
    """Yield the whole rows in `passage` of each table that reaches out of it, as one block each."""
    text = passage.document.text
    for block in passage.document.blocks_between(passage.start, passage.end):
        inside = passage.start <= block.start and block.end <= passage.end
        if block.kind is BlockKind.TABLE and not inside:
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            if start > block.start and text[start - 1] != "\n":
                start = text.find("\n", start, end) + 1 or end
            if end < block.end and text[end] != "\n":
                end = text.rfind("\n", start, end)
            if start < end:
                yield replace(block, start=start, end=end)


def times_labelled(document: Document, rows: Block) -> Mapping[str, int]:
    """Return how often each first cell stands in the table that `rows` are some of."""
    table = next(iter(document.blocks_between(rows.start, rows.start + 1)))
    return _times_labelled(_Place(document.id, table.start, document, table))


@dataclass(frozen=True, slots=True)
class _Place:
    document_id: str
    start: int
    document: Document = field(compare=False, repr=False)
    table: Block = field(compare=False, repr=False)


@lru_cache(maxsize=2)  # asked for with every passage of a table, which may be some thousand
def _times_labelled(place: _Place) -> Mapping[str, int]:
    found = _FIRST_CELL.finditer(place.document.text, place.table.start, place.table.end)
    return Counter(match[1].strip() for match in found)
