"""Charts, diagrams, glossaries and long tables, as LaTeX sets them; and the handbook's own report."""

from pathlib import Path

import pytest

from schemas.documents import BlockKind, Document
from tests.parsers.pdf.objects import pdf, stream
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


def _ruled_page(top: int, rows: list[tuple[str, str]]) -> bytes:
    """Return what draws a grid of two columns, and the words in it."""
    bottom = top - 20 * len(rows)
    lines = [f"72 {y} m 372 {y} l S" for y in range(bottom, top + 1, 20)]
    lines += [f"{x} {bottom} m {x} {top} l S" for x in (72, 222, 372)]
    for index, row in enumerate(rows, start=1):
        for x, word in zip((80, 230), row, strict=True):
            lines.append(f"BT /F 10 Tf {x} {top - 20 * index + 6} Td ({word}) Tj ET")
    return "\n".join(lines).encode()


def _two_pages(first: bytes, second: bytes) -> Document:
    font = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources " + font + b" >>"
    )
    pages = b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return parse(pdf(catalog, pages, page % 5, page % 6, stream(first), stream(second)), "pages.pdf")


def test_a_ruled_table_goes_on_without_its_header_and_another_one_does_not() -> None:
    above = _ruled_page(180, [("Hull", "Length"), ("Wren", "17.8"), ("Kittiwake", "46.0")])
    rest = _ruled_page(660, [("Sandpiper", "38.4"), ("Petrel", "52.5")])
    other = _ruled_page(660, [("Quay", "Depth"), ("Old Quay", "4.5")])
    (whole,) = texts(_two_pages(above, rest), BlockKind.TABLE)
    assert whole.splitlines()[-3:] == ["| Kittiwake | 46.0 |", "| Sandpiper | 38.4 |", "| Petrel | 52.5 |"]
    assert len(texts(_two_pages(above, other), BlockKind.TABLE)) == 2


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
