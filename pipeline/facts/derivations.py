# ruff: noqa: E501  # one cue a line
"""Whether a number follows from others by one short calculation of the kind that was asked for."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipeline.facts.numbers import Number, close

_MOST_OPERANDS = 24
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_CUES = {
    "sum": r"total|together|combined|altogether|sum\b|in all|overall|both",
    "difference": r"differ|apart|more\b|less\b|fewer|chang|increas|decreas|gap|exceed|longer|older|by how|grew|grow|fall|fell|rise|rose|remain|left",
    "average": r"average|mean\b|typical",
    "ratio": r"ratio|times|share|per ?cent|%|proportion|chang|growth|grew|rate\b|fraction|per\b|each",
    "product": r"total|altogether|how much|how many|over|area|per\b|each",
}  # fmt: skip


def derivable(wanted: Number, known: Sequence[Number], asked: str, source: str) -> bool:
    """Return whether `wanted` follows from `known` by a calculation that `asked`, in English, calls for.

    These are sums, differences, averages, ratios, percentage changes, products, and a table's scale:
    a bare number of a source that speaks of millions may be stated in millions.
    """
    operands = list({(number.value, number.dimension): number for number in known}.values())[:_MOST_OPERANDS]
    asked = asked.casefold()
    plain = [abs(value) for value in _values(wanted, operands, asked)]
    scales = [scale for word, scale in _SCALES.items() if word in source]
    scaled = [number.value * scale for number in operands for scale in scales]
    if any(close(abs(wanted.value), value, wanted.step) for value in (*plain, *scaled)):
        return True
    if not scales or not wanted.value:
        return False
    bare = abs(wanted.written)
    written = [abs(number.written) for number in operands]
    return any(close(bare, value, wanted.step * bare / abs(wanted.value)) for value in (*plain, *written))


def _values(wanted: Number, operands: Sequence[Number], asked: str) -> Iterator[float]:
    calls_for = {name for name, cue in _CUES.items() if re.search(cue, asked)}
    alike = [n for n in operands if n.dimension in ("", wanted.dimension) or not wanted.dimension]
    for one, other in combinations(alike, 2):
        if "sum" in calls_for:
            yield one.value + other.value
        if "difference" in calls_for:
            yield one.value - other.value
    if "ratio" in calls_for and wanted.dimension in ("%", "points", ""):
        for one, other in combinations(operands, 2):
            yield from _ratios(one.value, other.value, wanted.dimension)
    if "product" in calls_for:
        for one, other in combinations(operands, 2):
            yield one.value * other.value / (100 if "%" in (one.dimension, other.dimension) else 1)
    yield from _of_all(alike, calls_for)


def _ratios(one: float, other: float, dimension: str) -> Iterator[float]:
    for top, bottom in ((one, other), (other, one)):
        if bottom and dimension:
            yield 100 * top / bottom
            yield 100 * (top - bottom) / bottom
        elif bottom:
            yield top / bottom


def _of_all(operands: Sequence[Number], calls_for: set[str]) -> Iterator[float]:
    """Yield the sums and averages of all numbers of a dimension, with and without a year at their head."""
    for dimension in {number.dimension for number in operands}:
        values = [number.value for number in operands if number.dimension == dimension]
        for some in (values, values[1:]):
            if some and "sum" in calls_for:
                yield sum(some)
            if some and "average" in calls_for:
                yield sum(some) / len(some)
