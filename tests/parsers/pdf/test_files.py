"""PDFs by real programs: what they must and must not hold, their headings and their tables."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from schemas.documents import BlockKind, Document
from tests.parsers.single import parse, shapes, texts

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Expected:
    name: str
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...]
    headings: tuple[tuple[int, str], ...]
    tables: tuple[str, ...]


_BOAT_HEADINGS = (
    (1, "The Care of Wooden Boats"),
    (2, "1 Introduction"),
    (3, "1.1 Scope and limits"),
    (2, "2 Materials"),
    (2, "3 Results"),
    (3, "3.1 Where decay begins"),
    (3, "3.2 What it costs"),
    (2, "4 Conclusion"),
)
_HOURS = (
    "| Year | Oak | Larch | Pine |\n| --- | --- | --- | --- |\n| 2021 | 12.5 | 10.0 | 8.0 |\n"
    "| 2022 | 14.0 | 11.5 | 9.2 |\n| 2023 | 11.2 | 9.8 | 7.1 |"
)
_PARTS = "| Part | Count |\n| --- | --- |\n| Bolt | 48 |\n| Trenail | 112 |"
_BOAT_SENTENCES = (
    "efficient offices find a flaw before the owner does",
    "The survey was extraordinarily straightforward: every plank was tapped with a small hammer",
    "and pump it out before the evening so that nothing stands overnight.",
    "whose inspection requires instruments that the Institute does not own.",
    "in every hull older than thirty years, whereas copper rivets had left the wood bright.",
    "and not by slow decay; slow decay is excluded by all four insurers of the harbour.",
    "had stood in the bilge.¹",
    "¹ Salt water preserves timber; rain does not.",
)

TABLE = (
    Expected(
        "one_column.pdf",
        _BOAT_SENTENCES,
        ("Harbour Institute Reports", "Volume 7"),
        _BOAT_HEADINGS,
        (_HOURS, _PARTS),
    ),
    Expected(
        "two_columns.pdf",
        _BOAT_SENTENCES,
        ("Harbour Institute Reports", "Volume 7"),
        _BOAT_HEADINGS,
        (_HOURS, _PARTS),
    ),
    Expected(
        "page.pdf",
        (
            "which lies so low that the sea seldom falls below it.",
            "1. Find the day.\n2. Add an hour in summer.",
        ),
        (),
        ((1, "Tide tables explained"), (2, "Reading a row"), (2, "Signs")),
        (
            "| Day | High water | Height |\n| --- | --- | --- |\n"
            "| Monday | 06:12 and 18:40, an hour later in summer time because clocks change | 4.8 m |\n"
            "| Tuesday | 07:01 | 4.9 m |",
            "| Sign | Meaning | Unit |\n| --- | --- | --- |\n| HW | high water | hours |\n"
            "| LW | low water | hours |\n| MHWS | mean spring height | metres |",
        ),
    ),
)


def _read(name: str) -> Document:
    return parse((FILES / name).read_bytes(), name)


@pytest.mark.parametrize("expected", TABLE, ids=lambda expected: expected.name)
def test_a_file_has_its_sentences_headings_and_tables(expected: Expected) -> None:
    document = _read(expected.name)
    assert [part for part in expected.must_include if part not in document.text] == []
    assert [part for part in expected.must_not_include if part in document.text] == []
    headings = [(level, text) for kind, level, text in shapes(document) if kind is BlockKind.HEADING]
    assert tuple(headings) == expected.headings
    assert tuple(texts(document, BlockKind.TABLE)) == expected.tables


def test_what_a_document_says_of_itself_is_kept() -> None:
    document = _read("one_column.pdf")
    assert (document.title, document.metadata.author) == ("The Care of Wooden Boats", "Ada Lindqvist")
    assert document.metadata.created[:3] == "202"
    assert [entry.title for entry in document.outline][:2] == ["Introduction", "Scope and limits"]
    assert document.page_count == 2
    assert not document.page_notes


def test_blocks_know_their_page_and_place() -> None:
    document = _read("two_columns.pdf")
    left = next(block for block in document.blocks if document.block_text(block).startswith("1 Intro"))
    right = next(block for block in document.blocks if document.block_text(block).startswith("3 Results"))
    assert left.box is not None
    assert right.box is not None
    assert left.page == right.page == 1
    assert 0 < left.box.left < left.box.right < right.box.left < right.box.right < 596


def test_code_keeps_its_lines_and_indents() -> None:
    assert texts(_read("page.pdf"), BlockKind.CODE) == ["height = datum + tide\n    if summer: time += 1"]


@pytest.mark.parametrize("name", ["scripts.pdf", "scripts_browser.pdf"])
@pytest.mark.parametrize(
    "sentence",
    [
        "القارب الخشبي يعيش طويلا إذا بقي جافا، والهواء يحميه أكثر من الطلاء.",
        "סירת עץ חיה זמן רב אם היא נשארת יבשה, והאוויר שומר עליה יותר מהצבע.",
        "लकड़ी की नाव तब तक चलती है जब तक वह सूखी रहती है, और हवा उसे रंग से अधिक बचाती है।",
        "เรือไม้จะอยู่ได้นานถ้ามันแห้งอยู่เสมอ และอากาศช่วยรักษามันได้ดีกว่าสี",
    ],
    ids=["Arabic", "Hebrew", "Hindi", "Thai"],
)
def test_other_scripts_come_in_logical_order(sentence: str, name: str) -> None:
    text = " ".join(_read(name).text.split())
    match = SequenceMatcher(None, text, sentence, autojunk=False)
    shared = sum(block.size for block in match.get_matching_blocks())
    assert shared / len(sentence) >= 0.98


def test_hindi_of_a_browser_has_its_spaces_between_words_and_nowhere_else() -> None:
    page = (FILES / "hindi.html").read_text(encoding="utf-8")
    written = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<body") :]).split())
    assert " ".join(_read("hindi_browser.pdf").text.split()) == written
