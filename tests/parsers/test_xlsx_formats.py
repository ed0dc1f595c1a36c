"""Numbers in Excel files are read as their formats show them."""

import pytest

from parsers.xlsx.formats import number_format


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ('"$"#,##0.00', 1234.5, "$1,234.50"),
        ("#,##0 [$€-407]", 99000, "99,000 €"),
        ('_-* #,##0.00\\ "kr"_-;-* #,##0.00\\ "kr"_-', -12.5, "-12.50 kr"),
        ('_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', 1234.5, "$1,234.50"),
        ("0.0%", 0.1234, "12.3%"),
        ("[Red]0.00", 3, "3.00"),
        ('0.0" °C"', -0.04, "0.0 °C"),
        ("00000", 123, "00123"),
        ('"a;b "0', 4, "a;b 4"),
        ("[>=1000]#,##0;0", 5000, "5,000"),
        ("0.##", 0.5, None),
        ("# ?/?", 0.5, None),
        ('0.0,,"M"', 5e6, None),
        ("0.00E+00", 5, None),
        ("(000) 000-0000", 5, None),
        ("General", 1.5, None),
        ("@", 5, None),
    ],
)
def test_a_number_is_shown_as_its_format_says(code: str, value: float, shown: str | None) -> None:
    assert number_format(164, code).shown(value) == shown


@pytest.mark.parametrize("code", ["yyyy\\-mm", "[h]:mm", "dd/mm/yy"])
def test_dates_are_told_from_numbers(code: str) -> None:
    assert number_format(164, code).date
    assert not number_format(164, '"days" 0').date


def test_built_in_formats_have_no_code() -> None:
    assert number_format(10, "").shown(0.5) == "50.00%"
    assert number_format(14, "").date
    assert number_format(0, "").shown(1.5) is None
