"""Charts, diagrams, glossaries and long tables, as LaTeX sets them; and the handbook's own report."""

from pathlib import Path

import pytest

from schemas.documents import BlockKind, Document
from tests.parsers.single import parse, texts

FILES = Path(__file__).parent / "files"
REPORT = Path(__file__).parents[3] / "examples" / "handbook" / "service-report-2024.pdf"


@pytest.fixture(scope="module")
def drawn() -> Document:
    return parse((FILES / "drawn.pdf").read_bytes(), "drawn.pdf")


@pytest.fixture(scope="module")
def report() -> Document:
    return parse(REPORT.read_bytes(), REPORT.name)


def test_labels_of_a_drawing_are_its_own_and_no_paragraphs(drawn: Document) -> None:
    chart, plan = drawn.figures
    assert chart.caption == "Figure 1: Depth over the two bars."
    assert chart.alt.startswith("Inner bar; Outer bar; 0; 2; 4;")
    assert chart.alt.endswith("month; depth in metres")
    assert (plan.caption, plan.alt) == ("Figure 2: Who reports to whom.", "Harbour master; Pilot; Surveyor")
    for figure in drawn.figures:
        assert figure.content.startswith(b"\x89PNG")
        assert figure.page == 1
    assert texts(drawn, BlockKind.PARAGRAPH) == [
        "The channel was sounded in five places. Figure 1 shows the depth by month; it is least in August.",
        "No sounding was taken in fog. Figure 2 shows who reports to whom.",
        "Warning. A depth that is printed in this report is the least depth found in its month. It says "
        "nothing about the day on which you read it.",
        "The marks stand where they stood.",
    ]


def test_a_table_over_two_pages_is_one_with_one_header(drawn: Document) -> None:
    (table,) = texts(drawn, BlockKind.TABLE)
    rows = table.splitlines()
    assert rows[0] == "| Place | Spring | Summer | Autumn |"
    assert [row.split(" | ")[0] for row in rows[2:]] == [f"| Mark {number}" for number in range(1, 41)]


def test_terms_stand_with_their_meanings(drawn: Document, report: Document) -> None:
    assert texts(drawn, BlockKind.LIST_ITEM) == [
        "- Bar: A bank of sand across the mouth of a harbour.",
        "- Lead: A weight on a line, with which depths are measured where no other instrument is at hand "
        "or can be trusted.",
        "- Least charted depth: What a chart prints.",
        "- Sounding: One depth, measured at one place.",
        "- Tide: The rise and fall of the sea.",
    ]
    meaning = "- Significant wave height: The mean height of the highest third of the waves."
    assert meaning in texts(report, BlockKind.LIST_ITEM)


def test_every_section_of_the_report_is_a_heading_and_nothing_else_is(report: Document) -> None:
    headings = texts(report, BlockKind.HEADING)
    stated = [entry.title for entry in report.outline]
    assert [title.lstrip("0123456789. ") for title in headings] == [
        "Service Report 2024",
        *stated,
        "Glossary",
    ]
