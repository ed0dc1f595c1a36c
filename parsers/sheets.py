"""Rows of a sheet as blocks: stretches without a gap are tables, single cells above them paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from parsers.draft import Draft
from parsers.tables import markdown_table
from schemas.documents import BlockKind


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells' texts by column, both counted from 1. Empty cells are left out."""

    number: int
    cells: dict[int, str]


def add_rows(draft: Draft, rows: list[Row]) -> None:
    """Add stretches of rows without a gap as tables; lines with a single cell above them as paragraphs."""
    for stretch in _stretches(rows):
        while stretch and len(stretch[0].cells) == 1 and (len(stretch) == 1 or _is_title(stretch)):
            draft.add(BlockKind.PARAGRAPH, next(iter(stretch.pop(0).cells.values())))
        columns = sorted({column for row in stretch for column in row.cells})
        draft.add(
            BlockKind.TABLE,
            markdown_table([[row.cells.get(column, "") for column in columns] for row in stretch]),
        )


def _is_title(stretch: list[Row]) -> bool:
    return len(stretch[1].cells) > 1


def _stretches(rows: list[Row]) -> Iterator[list[Row]]:
    numbered = enumerate(rows)
    for _, group in groupby(numbered, key=lambda pair: pair[1].number - pair[0]):
        yield [row for _, row in group]
