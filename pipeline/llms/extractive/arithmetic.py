"""Calculations written out, one operation a step, so that code can do every step again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.llms.extractive.numerals import round_half_up, shown


@dataclass(frozen=True, slots=True)
class Worked:
    """A computed value and the operations that lead to it, as in `1,240 - 1,100 = 140`."""

    value: Decimal
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How numbers are written: decimals of the source, and its thousands mark."""

    decimals: int
    grouping: str

    def write(self, value: Decimal, decimals: int | None = None) -> str:
        """Return a value in this manner; negative ones in parentheses, so that no two signs meet."""
        text = shown(value, self.decimals if decimals is None else decimals, self.grouping)
        return f"({text})" if text.startswith("-") else text


def difference(larger: Decimal, smaller: Decimal, manner: Manner) -> Worked:
    """Return one value less another."""
    value = larger - smaller
    return Worked(value, (f"{manner.write(larger)} - {manner.write(smaller)} = {_bare(value, manner)}",))


def total(values: Sequence[Decimal], manner: Manner) -> Worked:
    """Return the sum of some values."""
    value = sum(values, Decimal(0))
    return Worked(value, (f"{' + '.join(map(manner.write, values))} = {_bare(value, manner)}",))


def average(values: Sequence[Decimal], manner: Manner, decimals: int) -> Worked:
    """Return the mean, rounded to so many decimals."""
    added = total(values, manner)
    mean = _rounded(
        f"{manner.write(added.value)} / {len(values)}", added.value / len(values), manner, decimals
    )
    return Worked(mean.value, (*added.steps, *mean.steps))


def percentage_change(before: Decimal, after: Decimal, manner: Manner) -> Worked:
    """Return the size of a change in per cent of the earlier value, to one decimal. `before` is not zero."""
    change = difference(max(before, after), min(before, after), manner)
    operation = f"{manner.write(change.value)} / {manner.write(before)} * 100"
    percent = _rounded(operation, change.value / before * 100, manner, 1)
    return Worked(percent.value, (*change.steps, *percent.steps))


def ratio(larger: Decimal, smaller: Decimal, manner: Manner) -> Worked:
    """Return how many times the smaller value fits the larger, to one decimal. `smaller` is not zero."""
    return _rounded(f"{manner.write(larger)} / {manner.write(smaller)}", larger / smaller, manner, 1)


def _rounded(operation: str, value: Decimal, manner: Manner, decimals: int) -> Worked:
    rounded = round_half_up(value, decimals)
    remark = "" if rounded == value else f" (rounded to {places(decimals)})"
    return Worked(rounded, (f"{operation} = {_bare(value, manner, decimals)}{remark}",))


def places(decimals: int) -> str:
    """Return how people say so many decimals."""
    return "one decimal place" if decimals == 1 else f"{decimals} decimal places"


def _bare(value: Decimal, manner: Manner, decimals: int | None = None) -> str:
    return shown(value, manner.decimals if decimals is None else decimals, manner.grouping)
