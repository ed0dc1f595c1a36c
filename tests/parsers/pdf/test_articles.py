"""How much of generated articles, in one and two columns, comes back as it was written: pinned floors."""

from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from schemas.documents import BlockKind
from tests.parsers.pdf.articles.article import SEEDS, Part, article
from tests.parsers.single import parse

Pairs = list[tuple[list[Part], list[Part]]]

FILES = Path(__file__).parent / "files"
TEXT_FLOOR, HEADINGS_FLOOR, TABLES_FLOOR, BLOCKS_FLOOR = 0.995, 0.99, 0.97, 0.95


def _read(seed: int) -> list[Part]:
    """Return the blocks that the parser finds in an article."""
    document = parse((FILES / f"article_{seed}.pdf").read_bytes(), f"article_{seed}.pdf")
    return [
        Part(
            block.kind,
            document.block_text(block).replace("| --- ", "").replace("\n|\n", "\n"),
            "",
            block.level,
        )
        for block in document.blocks
    ]


def _words(parts: list[Part]) -> list[str]:
    return [word for part in parts for word in part.text.split()]


def _headings(parts: list[Part]) -> Counter[str]:
    return _blocks([part for part in parts if part.kind is BlockKind.HEADING])


def _rows(parts: list[Part]) -> Counter[str]:
    return Counter(row for part in parts if part.kind is BlockKind.TABLE for row in part.text.splitlines())


def _blocks(parts: list[Part]) -> Counter[str]:
    return Counter(f"{part.kind} {part.level}: {part.text}" for part in parts)


def _f1(found: Counter[str], true: Counter[str]) -> float:
    return 2 * (found & true).total() / (found.total() + true.total())


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """Return what was found and what is true, for each article."""
    return [(_read(seed), article(seed)) for seed in SEEDS]


def test_text_comes_back_in_its_order(pairs: Pairs) -> None:
    for found, true in pairs:
        score = SequenceMatcher(None, _words(found), _words(true), autojunk=False).ratio()
        assert score >= TEXT_FLOOR


def test_headings_come_back_with_their_levels(pairs: Pairs) -> None:
    for found, true in pairs:
        assert _f1(_headings(found), _headings(true)) >= HEADINGS_FLOOR


def test_rows_of_tables_come_back_with_every_cell(pairs: Pairs) -> None:
    for found, true in pairs:
        assert _f1(_rows(found), _rows(true)) >= TABLES_FLOOR


def test_paragraphs_and_list_items_come_back_whole(pairs: Pairs) -> None:
    for found, true in pairs:
        assert _f1(_blocks(found), _blocks(true)) >= BLOCKS_FLOOR
