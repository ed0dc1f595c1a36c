# ruff: noqa: E501  # one cue a line
"""Whether a number follows from others by one short calculation of the kind that was asked for."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipeline.facts.numbers import Number, close

_MOST_OPERANDS = 24
_WIDEST_TABLE = 6
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_CUES = {
    "sum": r"total|together|combined|altogether|sum\b|add up|in all|overall|both",
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
    calls_for = {name for name, cue in _CUES.items() if re.search(cue, asked.casefold())}
    alike = [number for number in known if number.dimension in ("", wanted.dimension) or not wanted.dimension]
    values = (*_values(wanted, operands, calls_for), *_of_all(alike, calls_for))
    plain = [abs(value) for value in values]
    scales = [scale for word, scale in _SCALES.items() if word in source]
    scaled = [number.value * scale for number in operands for scale in scales]
    if any(close(abs(wanted.value), value, wanted.step) for value in (*plain, *scaled)):
        return True
    if not scales or not wanted.value:
        return False
    bare = abs(wanted.written)
    written = [abs(number.written) for number in operands]
    return any(close(bare, value, wanted.step * bare / abs(wanted.value)) for value in (*plain, *written))


def _values(wanted: Number, operands: Sequence[Number], calls_for: set[str]) -> Iterator[float]:
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


def _ratios(one: float, other: float, dimension: str) -> Iterator[float]:
    for top, bottom in ((one, other), (other, one)):
        if bottom and dimension:
            yield 100 * top / bottom
            yield 100 * (top - bottom) / bottom
        elif bottom:
            yield top / bottom


def _of_all(known: Sequence[Number], calls_for: set[str]) -> Iterator[float]:
    """Yield the sums and averages of what stands together: parts of a table's row, or one of its columns."""
    for dimension in {number.dimension for number in known}:
        values = [number.value for number in known if number.dimension == dimension][:_MOST_OPERANDS]
        for some in _together(values):
            if "sum" in calls_for:
                yield sum(some)
            if "average" in calls_for:
                yield sum(some) / len(some)


def _together(values: Sequence[float]) -> Iterator[Sequence[float]]:
    """Yield runs of at least two neighbours, and every second to sixth value from each start."""
    for start in range(len(values)):
        for end in range(start + 2, len(values) + 1):
            yield values[start:end]
        for stride in range(2, _WIDEST_TABLE + 1):
            column = values[start::stride]
            if start < stride and len(column) > 1:
                yield column
