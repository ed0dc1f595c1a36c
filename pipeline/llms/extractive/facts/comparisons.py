"""Computed questions that compare or combine the rows of one column."""

from collections.abc import Iterator

from pipeline.llms.extractive.arithmetic import average, difference, places, ratio, total
from pipeline.llms.extractive.facts.worked import Finding, Table, extreme_steps, joined
from pipeline.llms.extractive.series import Point
from pipeline.llms.extractive.wording import capitalised, pick, shuffled

_MAX_COMBINED = 3
_MAX_RANKED = 12
_SPANS = frozenset(["min", "minutes", "h", "hours", "s", "seconds", "ms", "days", "weeks", "months", "years"])


def between_rows(table: Table) -> Iterator[Finding]:
    """Yield differences, the extreme row, ratios, and sums and averages of a few rows."""
    points = table.series.points
    first, second = shuffled(points, key=lambda point: table.phrase + point.label)[:2]
    if first.value != second.value:
        yield _difference(table, first, second)
        yield from _ratio(table, first, second)
    if 3 <= len(points) <= _MAX_RANKED:
        yield from _extreme(table)
    if len(points) >= 3 and not table.name.startswith("figure for"):
        yield from _combined(table)


def _difference(table: Table, first: Point, second: Point) -> Finding:
    low, high = sorted((first, second), key=lambda point: point.value)
    worked = difference(high.value, low.value, table.manner)
    noun = table.phrase if table.name.startswith(("number ", "figure ", "share ")) else table.name
    question = f"what is the difference in {noun} between {table.label(first)} and {table.label(second)}"
    if table.series.unit == "%":
        question += ", in percentage points"
    return table.finding("difference", question, table.series.gap(worked.value), worked.steps, (high, low))


def _ratio(table: Table, first: Point, second: Point) -> Iterator[Finding]:
    low, high = sorted((first, second), key=lambda point: point.value)
    if low.value <= 0 or high.value < low.value * 2 or not table.adds_up:
        return
    worked = ratio(high.value, low.value, table.manner)
    question = (
        f"how many times as high is {table.phrase} for {table.label(high)} as for {table.label(low)}, "
        f"rounded to {places(1)}"
    )
    yield table.finding("ratio", question, f"{worked.value} times", worked.steps, (high, low))


def _extreme(table: Table) -> Iterator[Finding]:
    highest, lowest = ("longest", "shortest") if table.series.unit in _SPANS else ("highest", "lowest")
    word = pick((highest, lowest), table.phrase)
    ranked = sorted(table.series.points, key=lambda point: point.value, reverse=word == highest)
    if table.noun and ranked[0].value != ranked[1].value:
        answer = capitalised(table.label(ranked[0]).strip('"'))
        steps = extreme_steps(table, word, ranked)
        question = f"which {table.noun} has the {word} {table.name}"
        yield table.finding("extreme", question, answer, steps, table.series.points)


def _combined(table: Table) -> Iterator[Finding]:
    points = table.series.points
    if len(points) > _MAX_COMBINED:
        chosen = shuffled(points, key=lambda point: point.label + table.phrase)[:_MAX_COMBINED]
        points = tuple(point for point in points if point in chosen)
    listed = joined([table.label(point) for point in points])
    values = [point.value for point in points]
    if table.adds_up:
        worked = total(values, table.manner)
        question = f"what is the combined {table.name} for {listed}"
        yield table.finding("sum", question, table.series.amount(worked.value), worked.steps, points)
    if not table.name.startswith("figure "):
        decimals = max(table.series.decimals, 1)
        worked = average(values, table.manner, decimals)
        question = f"what is the average {table.name} for {listed}, rounded to {places(decimals)}"
        yield table.finding(
            "average", question, table.series.amount(worked.value, decimals), worked.steps, points
        )
