"""Computed questions about one measure over several years."""

from collections.abc import Iterator
from itertools import pairwise

from pipeline.llms.extractive.arithmetic import average, difference, percentage_change, places, total
from pipeline.llms.extractive.facts.worked import Finding, Table, extreme_steps
from pipeline.llms.extractive.series import Point
from pipeline.llms.extractive.wording import pick

_MAX_YEARS = 12
_MAX_COMBINED = 3  # the latest years: longer sums are tedious to follow, and no better practice


def over_time(table: Table) -> Iterator[Finding]:
    """Yield changes between years, the best or worst year, sums and averages."""
    points = table.series.points
    if len(points) > _MAX_YEARS:
        return
    pairs = {(points[0], points[-1]), pick(list(pairwise(points)), table.phrase)}
    for before, after in sorted(pairs, key=lambda pair: (pair[0].label, pair[1].label)):
        if before.value != after.value:
            yield _change(table, before, after)
            yield from _relative_change(table, before, after)
    if len(points) >= 3:
        yield from _extreme(table)
        yield _average(table)
        yield from _sum(table)


def _change(table: Table, before: Point, after: Point) -> Finding:
    low, high = sorted((before, after), key=lambda point: point.value)
    worked = difference(high.value, low.value, table.manner)
    amount = "how many percentage points" if table.series.unit == "%" else "how much"
    question = f"by {amount} did {table.phrase} {_verb(before, after)} from {before.label} to {after.label}"
    return table.finding(
        "difference", question, table.series.gap(worked.value), worked.steps, (before, after)
    )


def _relative_change(table: Table, before: Point, after: Point) -> Iterator[Finding]:
    if before.value <= 0 or after.value < 0 or table.series.unit in ("%", "°C"):
        return
    worked = percentage_change(before.value, after.value, table.manner)
    question = (
        f"by what percentage did {table.phrase} {_verb(before, after)} from {before.label} to {after.label}, "
        f"rounded to {places(1)}"
    )
    if worked.value:
        yield table.finding("percentage_change", question, f"{worked.value}%", worked.steps, (before, after))


def _verb(before: Point, after: Point) -> str:
    return "rise" if after.value > before.value else "fall"


def _extreme(table: Table) -> Iterator[Finding]:
    word = pick(("highest", "lowest"), table.phrase)
    ranked = sorted(table.series.points, key=lambda point: point.value, reverse=word == "highest")
    if ranked[0].value != ranked[1].value:
        question = f"in which year was {table.phrase} {word}"
        steps = extreme_steps(table, word, ranked)
        yield table.finding("extreme", question, ranked[0].label, steps, table.series.points)


def _average(table: Table) -> Finding:
    points = table.series.points[-_MAX_COMBINED:]
    decimals = max(table.series.decimals, 1)
    worked = average([point.value for point in points], table.manner, decimals)
    question = (
        f"what was the yearly average of {table.phrase} from {points[0].label} to {points[-1].label}, "
        f"rounded to {places(decimals)}"
    )
    return table.finding(
        "average", question, table.series.amount(worked.value, decimals), worked.steps, points
    )


def _sum(table: Table) -> Iterator[Finding]:
    points = table.series.points[-_MAX_COMBINED:]
    if table.adds_up_over_time:
        worked = total([point.value for point in points], table.manner)
        question = (
            f"what does {table.phrase} add up to over the years {points[0].label} to {points[-1].label}"
        )
        yield table.finding("sum", question, table.series.amount(worked.value), worked.steps, points)
