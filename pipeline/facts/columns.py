"""The columns of numbers in quoted rows of Markdown tables."""

from itertools import zip_longest

from pipeline.facts.numbers import Number, numbers


def columns(text: str) -> tuple[tuple[Number, ...], ...]:
    """Return the numbers of each column of the table rows in `text`, from cells that begin with a figure."""
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if line.strip().startswith("|")]
    found = (
        tuple(number for cell in cells if cell.strip()[:1].isdigit() for number in numbers(cell)[:1])
        for cells in zip_longest(*rows, fillvalue="")
    )
    return tuple(column for column in found if len(column) > 1)
