"""Plain text: tables drawn with characters, and text that is set in pages."""

import pytest

from schemas.documents import BlockKind
from tests.parsers.single import parse, shapes, texts

BORDER = "+------+-------+\n"
HEAD, A, B = "| Hive | Honey |\n", "| A    | 1     |\n", "| B    | 2     |\n"
TABLE = "| Hive | Honey |\n| --- | --- |\n| A | 1 |\n| B | 2 |"


@pytest.mark.parametrize(
    "drawn",
    [
        f"{BORDER}{HEAD}{BORDER}{A}{B}{BORDER}",
        f"{BORDER}{HEAD}{BORDER.replace('-', '=')}{A}{BORDER}{B}{BORDER}",
        " Hive | Honey \n------+-------\n A    |     1\n B    |     2",
        "| Hive | Honey |\n|------|:-----:|\n| A | 1 |\n| B | 2 |",
        "Hive  Honey\n----  -----\nA     1\nB     2",
    ],
)
def test_a_table_of_characters_is_a_table(drawn: str) -> None:
    found = shapes(parse(f"What they gave:\n\n{drawn}\n\nThat is all.".encode(), "a.txt"))
    assert found[1:-1] == [(BlockKind.TABLE, 0, TABLE)]


@pytest.mark.parametrize(
    "text",
    [
        "Hives\n-----\nThe keeper weighs each.",
        "a | b\nc | d\ne | f",
        "Name of the hive\n----  ---- ----\nwords that run over columns",
        "+----+\nnot a table\n+----+",
    ],
)
def test_what_only_looks_like_a_table_is_none(text: str) -> None:
    assert not texts(parse(text.encode(), "a.txt"), BlockKind.TABLE)


def test_cells_of_several_lines_are_one_row() -> None:
    more = "|      | two   |\n"
    drawn = f"{BORDER}{HEAD}{more}{BORDER}{A}{BORDER}{B}{BORDER}"
    assert "| Hive | Honey two |" in parse(drawn.encode(), "a.txt").text


def test_paragraphs_go_on_over_the_ends_of_pages_without_the_running_lines() -> None:
    foot = "\n\n\nCrocker{:50}[Page {}]\n\f\nRFC 1{:40}7 April 1969\n\n\n"
    ends = [foot.format("", page, "") for page in (1, 2)]
    text = (
        f"   The hosts are{ends[0]}   to agree.{ends[1]}   A second paragraph.\n\n\nCrocker{'':50}[Page 3]\n"
    )
    assert parse(text.encode(), "rfc1.txt").text == "The hosts are\n   to agree.\n\nA second paragraph."


def test_a_reference_to_a_page_is_no_end_of_one() -> None:
    text = "As is said there [Page 3]\nand elsewhere [Page 5]\nno hive is alike."
    assert parse(text.encode(), "a.txt").text == text
