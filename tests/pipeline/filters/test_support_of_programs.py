"""Answers that a program computed from quoted rows in several steps."""

import pytest

from pipeline.programs import run, shown, tables_in
from schemas.documents import BlockKind
from tests.pipeline.curated import rule, sample_of
from tests.pipeline.written import whole, written

ROWS = ("| North | 1,250 | 1,300 |", "| South | 980 | 1,411 |")
EAST = "| East | 733 | 691 |"
TABLE = "\n".join(("| Hall | 2023 | 2024 |", "| --- | --- | --- |", *ROWS, EAST))
PASSAGE = whole(written("# Sales", (BlockKind.TABLE, TABLE)))
QUESTION = "By how many per cent did the sales of North and South together grow from 2023 to 2024?"
PROGRAM = (
    'before = cell("North", "2023") + cell("South", "2023")',
    'after = cell("North", "2024") + cell("South", "2024")',
    "growth = (after - before) / before * 100",
    "round(growth, 1)",
)


def reason(
    program: tuple[str, ...] = PROGRAM, rows: tuple[str, ...] = ROWS, wrong: tuple[str, str] = ("", "")
) -> str:
    [(_, table)] = tables_in(PASSAGE)
    steps = run(program, table)
    worked = "\n".join(f"We take this step. {step.line} → {shown(step.value)}" for step in steps)
    answer = f"Sales grew by {shown(steps[-1].value)} per cent."
    sample = sample_of(QUESTION, answer, PASSAGE, rows, reasoning=worked.replace(*wrong), recipe="table")
    return rule("support").judge(sample, (PASSAGE,)).reason


def test_a_number_that_right_steps_come_to_is_supported() -> None:
    assert reason() == ""


@pytest.mark.parametrize(
    "wrong", [("→ 2,711", "→ 2,712"), ("after - before", "before - after"), (" → ", " = ")]
)
def test_one_wrong_step_or_none_supports_nothing(wrong: tuple[str, str]) -> None:
    assert reason(wrong=wrong) == "number_not_in_source"


def test_a_step_that_reads_a_row_that_is_not_quoted_supports_nothing() -> None:
    assert reason(rows=ROWS[:1]) == "number_not_in_source"


def test_a_number_of_the_programs_own_supports_nothing() -> None:
    assert (
        reason(("base = 1873", *PROGRAM[1:2], "growth = (after - base) / base * 100"))
        == "number_not_in_source"
    )


def test_a_column_is_supported_where_all_of_its_rows_are_quoted() -> None:
    program = ('gaps = [sum(column("2024")), sum(column("2023"))]', "max(gaps) / min(gaps) * 100")
    assert reason(program, (*ROWS, EAST)) == ""
    assert reason(program, ROWS) == "number_not_in_source"
