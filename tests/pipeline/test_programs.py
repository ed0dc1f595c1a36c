import pytest

from pipeline.programs import ProgramError, run, shown, table_from_markdown

TABLE = table_from_markdown(
    "| Hall | Sales 2023 | Staff |\n|:-----|---:|---|\n"
    "| North | 1,250 € | 12 |\n| South | 980 € | |\n| East | 980 € | 7 |"
)


def result(*program: str) -> str:
    assert TABLE is not None
    return shown(run(program, TABLE)[-1].value)


@pytest.mark.parametrize(
    ("program", "value"),
    [
        (('cell("North", "Sales 2023")',), "1,250"),
        (('a = cell("north", "sales 2023")', 'b = cell("South", "Sales 2023")', "(a - b) / b"), "0.2755"),
        (('sum(column("Sales 2023"))',), "3,210"),
        (('mean(column("Staff"))',), "9.5"),
        (('largest(column("Hall"), column("Sales 2023"))',), "North"),
        (('count(column("Hall"))',), "3"),
        (('round(10 / 3, 2)',), "3.33"),
        (('cell("North", "Staff") > cell("East", "Staff")',), "yes"),
        (("max([1, 2, -3])",), "2"),
    ],
)  # fmt: skip
def test_a_program_computes_over_the_table(program: tuple[str, ...], value: str) -> None:
    assert result(*program) == value


@pytest.mark.parametrize(
    "program",
    [
        "open('x')", "().__class__", "[x for x in [1]]", "lambda: 1", "import os", "9 ** 9 ** 9",
        "10 ** 1000", "1 / 0", "(-8) ** 0.5", "undefined",
        'cell("West", "Staff")', 'cell("North", "Rent")', "1 +", "",
        'smallest(column("Hall"), column("Sales 2023"))', "sum(3)", "'a' * 10", "a = b = 1", "(" * 500,
        "+".join(["1"] * 500), "[[1], [2]]", '[column("Staff"), 1]',
    ],
)  # fmt: skip
def test_a_program_that_does_anything_else_is_refused(program: str) -> None:
    with pytest.raises(ProgramError):
        result(program)


def test_a_line_that_is_no_table_gives_none() -> None:
    assert table_from_markdown("only a line") is None
