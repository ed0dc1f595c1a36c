from pathlib import Path

import pytest

from pipeline.facts.arithmetic import steps
from pipeline.llms.extractive.numerals import read_numeral
from schemas.answers import ReasonedAnswer
from schemas.documents import Document, Passage
from tests.pipeline.extractive.asking import pairs, read, reasoned

YEARS = """# Harbour Report

Table 1: Traffic by year

| Indicator | 2021 | 2022 | 2023 |
| --- | --- | --- | --- |
| Vessel calls | 1,100 | 1,240 | 1,310 |
| On-time departures (%) | 88.1 | 90.4 | 89.7 |
"""
BERTHS = """# Harbour Handbook

## Berths

The depth and the length of each berth are checked. Berths differ in use.

| Berth | Length (m) | Depth (m) | Main use |
| --- | --- | --- | --- |
| 1 | 180 | 9.5 | Bulk |
| 2 | 210 | 10.5 | Fish |
| 3 | 140 | 7.0 | Yachts |
| Total | 530 | | |
"""


CREWS = """| Ferry | Length (m) | Berth |
| --- | --- | --- |
| Alba | 12 | North |
| Brio | 9 | South |
| Cora | 7 | West |
| Dora | 31 | East |
| Brio | 8 | North |
"""


def _between(document: Document, first: str, last: str) -> Passage:
    start = document.text.index(first)
    return Passage(document, start, document.text.index(last) + len(last), tokens=50)


def _one(items: list[ReasonedAnswer], words: str) -> ReasonedAnswer:
    return next(item for item in items if words in item.question.lower())


def test_a_cell_is_asked_for_by_row_and_column_and_carries_its_unit() -> None:
    found = {item.answer: item for item in pairs(BERTHS)}
    assert "the depth of berth 2" in found["10.5 m"].question
    assert found["10.5 m"].evidence == [
        "| 2 | 210 | 10.5 | Fish |",
        "| Berth | Length (m) | Depth (m) | Main use |",
    ]
    assert 'under "Main use" for berth 3' in found["Yachts"].question


def test_a_cell_of_a_year_names_its_table() -> None:
    found = {item.answer: item.question for item in pairs(YEARS)}
    assert "the number of vessel calls in 2022" in found["1,240"]
    assert 'the table "Traffic by year" in the Harbour Report' in found["1,240"]
    assert "90.4%" in found


def test_a_change_between_years_is_computed_with_its_steps() -> None:
    item = _one(reasoned(YEARS), "percentage did the number of vessel calls rise from 2021 to 2023")
    assert item.answer == "19.1%"
    assert item.steps == [
        "The values needed are 1,100 for 2021 and 1,310 for 2023.",
        "1,310 - 1,100 = 210",
        "210 / 1,100 * 100 = 19.1 (rounded to one decimal place)",
    ]
    assert item.kind == "table_calculation"
    assert item.evidence[0] == "| Vessel calls | 1,100 | 1,240 | 1,310 |"


def test_percentages_differ_in_points_and_have_no_percentage_change() -> None:
    about = [item for item in reasoned(YEARS) if "on-time" in item.question.lower()]
    assert any(item.answer.endswith("percentage points") for item in about)
    assert not any("by what percentage" in item.question.lower() for item in about)


def test_rows_are_compared_and_the_total_is_none_of_them() -> None:
    items = reasoned(BERTHS)
    assert _one(items, "average depth").answer == "9.0 m"
    assert {item.answer for item in items if "which berth has" in item.question.lower()} <= {
        "Berth 2",
        "Berth 3",
    }
    assert all("530" not in step or "180 + 210 + 140 = 530" in step or "530 / 3" in step
               for item in items for step in item.steps)  # fmt: skip
    assert not any("combined depth" in item.question for item in items)


@pytest.mark.parametrize(
    "column",
    [
        ("Phone", "5550101", "5550102", "5550103"),
        ("Year", "1990", "1998", "2004"),
        ("Invoice no.", "17", "18", "21"),
        ("Value", "5 m", "7 kg", "9 m"),
        ("Depth", "5", "n/a", "9"),
        ("Opens", "08:00", "09:00", "10:00"),
        ("Range", "4-5", "5-6", "6-7"),
    ],
)
def test_nothing_is_computed_from_codes_years_mixed_units_and_gaps(column: tuple[str, ...]) -> None:
    rows = "\n".join(f"| {name} | {cell} |" for name, cell in zip("ABC", column[1:], strict=True))
    table = f"# Harbour Handbook\n\n## Berths of the port\n\n| Berth | {column[0]} |\n| --- | --- |\n{rows}\n"
    assert reasoned(table) == []


@pytest.mark.parametrize("text", [YEARS, BERTHS])
def test_every_written_step_comes_out_when_done_again(text: str) -> None:
    items = reasoned(text)
    written = [step for item in items for line in item.steps for step in steps(line)]
    assert len(written) >= len(items) / 2
    assert all(step.right for step in written)


@pytest.mark.parametrize(
    ("cell", "language", "value", "unit"),
    [
        ("1,234.5", "en", "1234.5", ""),
        ("1.234,5", "de", "1234.5", ""),
        ("1 234", "fr", "1234", ""),
        ("(1,240)", "en", "-1240", ""),
        ("−3.5", "en", "-3.5", ""),
        ("12%", "en", "12", "%"),
        ("€ 4.20", "en", "4.20", "€"),
        ("310 kWh", "en", "310", "kWh"),
        ("1,100*", "en", "1100", ""),
        ("88.1[2]", "en", "88.1", ""),
    ],
)
def test_numbers_are_read_as_tables_write_them(cell: str, language: str, value: str, unit: str) -> None:
    numeral = read_numeral(cell, language)
    assert numeral is not None
    assert (str(numeral.value), numeral.unit) == (value, unit)


@pytest.mark.parametrize(
    "cell", ["", "n/a", "007", "1.2.3", "+49 30 1234", "4-5", "14 May 1951", "1,23", "x" * 99]
)
def test_what_is_no_quantity_is_not_read_as_one(cell: str) -> None:
    assert read_numeral(cell) is None


def test_a_column_that_no_noun_names_is_quoted() -> None:
    figures = (Path(__file__).parents[3] / "docs" / "performance.md").read_text(encoding="utf-8")
    asked = [item.question for item in pairs(figures)]
    assert any('under "ours"' in question for question in asked)
    assert not any("number of ours" in question for question in asked)


def test_rows_of_a_table_that_was_cut_are_asked_about_with_its_header() -> None:
    document = read(CREWS)
    found = pairs(document, passage=_between(document, "| Brio | 9", "| East |"))
    cora = next(item for item in found if item.answer == "7 m")
    assert "length" in cora.question.lower()
    assert "Cora" in cora.question
    assert cora.evidence == ["| Cora | 7 | West |", "| Ferry | Length (m) | Berth |"]
    first = pairs(document, passage=_between(document, "| Ferry", "| West |"))
    assert "12 m" in [item.answer for item in first]


def test_nothing_is_asked_about_a_cut_table_that_its_other_rows_would_change() -> None:
    document = read(CREWS)
    rows = _between(document, "| Alba", "| West |")
    assert not [item for item in pairs(document, passage=rows) if "Brio" in item.question]
    found = [item.question for item in reasoned(document, passage=rows)]
    assert [question for question in found if "Alba" in question and "Cora" in question]
    assert not [question for question in found if "highest" in question or "lowest" in question]


def test_a_file_of_nothing_but_a_table_is_asked_about_if_its_names_are_english() -> None:
    assert "12 m" in [item.answer for item in pairs(CREWS.rpartition("| Brio")[0])]
    assert not pairs(
        CREWS.replace("Ferry", "Fähre").replace("Length", "Länge").replace("Berth", "Liegeplatz")
    )
