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
    value = added.value / len(values)
    step = f"{manner.write(added.value)} / {len(values)} = {_bare(value, manner, decimals)}{_rounded(value, decimals)}"
    return Worked(round_half_up(value, decimals), (*added.steps, step))


def percentage_change(before: Decimal, after: Decimal, manner: Manner) -> Worked:
    """Return the change in per cent of the earlier value, to one decimal. `before` is not zero."""
    change = difference(after, before, manner)
    value = change.value / before * 100
    step = f"{manner.write(change.value)} / {manner.write(before)} * 100 = {_bare(value, manner, 1)}{_rounded(value, 1)}"
    return Worked(round_half_up(value, 1), (*change.steps, step))


def share(part: Decimal, whole: Worked, manner: Manner) -> Worked:
    """Return a part in per cent of a computed whole, to one decimal."""
    value = part / whole.value * 100
    step = f"{manner.write(part)} / {manner.write(whole.value)} * 100 = {_bare(value, manner, 1)}{_rounded(value, 1)}"
    return Worked(round_half_up(value, 1), (*whole.steps, step))


def ratio(larger: Decimal, smaller: Decimal, manner: Manner) -> Worked:
    """Return how many times the smaller value fits the larger, to one decimal. `smaller` is not zero."""
    value = larger / smaller
    step = f"{manner.write(larger)} / {manner.write(smaller)} = {_bare(value, manner, 1)}{_rounded(value, 1)}"
    return Worked(round_half_up(value, 1), (step,))


def _bare(value: Decimal, manner: Manner, decimals: int | None = None) -> str:
    return shown(value, manner.decimals if decimals is None else decimals, manner.grouping)


def _rounded(value: Decimal, decimals: int) -> str:
    if round_half_up(value, decimals) == value:
        return ""
    return f" (rounded to {'one decimal place' if decimals == 1 else f'{decimals} decimal places'})"
