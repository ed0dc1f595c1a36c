import time

import pytest

from parsers.draft import Draft
from schemas.documents import BlockKind, Document, Source
from tests.pipeline.extractive.asking import pairs, reasoned

MILLION = 1_000_000
SOURCE = Source("x.txt", "text/plain", "0" * 64, 1, "Harbour Handbook")
CELLS = "| Berth | Depth (m) |\n| --- | --- |\n"
STATEMENTS = "The master must report the arrival within 24 hours. A berth is a place that holds a ship. "


def _document(kind: BlockKind, text: str, times: int = 1) -> Document:
    draft = Draft()
    for _ in range(times):
        draft.add(kind, text)
    return draft.document(SOURCE, language="en")


@pytest.mark.parametrize(
    "document",
    [
        _document(BlockKind.PARAGRAPH, STATEMENTS * (MILLION // len(STATEMENTS))),
        _document(BlockKind.PARAGRAPH, "a" * MILLION),
        _document(BlockKind.PARAGRAPH, "(“" * (MILLION // 2)),
        _document(BlockKind.PARAGRAPH, "It has 1 a " * (MILLION // 11)),
        _document(BlockKind.PARAGRAPH, "The following " * (MILLION // 14) + ":"),
        _document(BlockKind.PARAGRAPH, "\x00\u202e is a \U0010ffff that for. " * 40_000),
        _document(BlockKind.PARAGRAPH, "Key: b\n" * (MILLION // 7)),
        _document(BlockKind.LIST_ITEM, "- Key: its value", 50_000),
        _document(BlockKind.TABLE, CELLS + "| x | " + "*" * MILLION + "1 |"),
        _document(BlockKind.TABLE, CELLS + "".join(f"| x{n} | {n} |\n" for n in range(60_000))),
        _document(BlockKind.TABLE, "|" * MILLION),
        _document(BlockKind.HEADING, "1." * (MILLION // 2)),
    ],
)
def test_a_megabyte_of_anything_takes_seconds(document: Document) -> None:
    start = time.process_time()
    quotes = [quote for item in pairs(document) for quote in item.evidence]
    quotes += [quote for item in reasoned(document) for quote in item.evidence]
    assert time.process_time() - start < 20
    assert all(quote in document.text for quote in set(quotes))
