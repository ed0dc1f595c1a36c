"""The numbers that a sample's reasoning works out in written equations, from numbers that it may use."""

import re
from collections.abc import Sequence

from pipeline.facts.arithmetic import steps
from pipeline.facts.numbers import Number, close, numbers

_OPERAND = re.compile(r"\d[\d,]*(?:\.\d+)?")
_EQUALS = re.compile("[=≈≅]")
# What turns one unit into another: seconds to years, per cent, thousands, dozens and halves.
_CONVERSIONS = (1.0, 2.0, 7.0, 12.0, 24.0, 30.0, 52.0, 60.0, 100.0, 365.0, 1000.0, 3600.0, 1_000_000.0)


def reasoned(reasoning: str, given: Sequence[Number]) -> tuple[Number, ...]:
    """Return the results of equations that come out, of numbers that are given, convert, or are results."""
    known = [*_CONVERSIONS, *(number.written for number in given)]
    results: list[Number] = []
    for step in steps(reasoning):
        left, right = _EQUALS.split(step.text, maxsplit=1)
        operands = [float(found.replace(",", "")) for found in _OPERAND.findall(left)]
        if step.right and all(any(close(one, other, 0.0) for other in known) for one in operands):
            found = numbers(right)
            results += found
            known += (number.written for number in found)
    return tuple(results)
