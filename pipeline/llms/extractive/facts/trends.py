"""Computed questions about one measure over several years."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.llms.extractive.arithmetic import Worked, average, difference, percentage_change, total
from pipeline.llms.extractive.facts.worked import Finding, Table, values_needed
from pipeline.llms.extractive.series import Point
from pipeline.llms.extractive.wording import pick


def over_time(table: Table) -> Iterator[Finding]:
    """Yield changes between years, the best and worst year, sums and averages."""
    points = table.series.points
    if len(points) > 12:
        return
    pairs = {(points[0], points[-1]), pick(list(pairwise(points)), table.phrase)}
    for before, after in sorted(pairs, key=lambda pair: (pair[0].label, pair[1].label)):
        yield from _change(table, before, after)
        yield from _relative_change(table, before, after)
    if len(points) >= 3:
        yield from _extreme(table)
        yield from _average(table)
        yield from _sum(table)


def _change(table: Table, before: Point, after: Point) -> Iterator[Finding]:
    if before.value == after.value:
        return
    rose = after.value > before.value
    larger, smaller = (after, before) if rose else (before, after)
    worked = difference(larger.value, smaller.value, table.manner)
    percent = table.series.unit == "%"
    amount = (
        f"{table.manner.write(worked.value)} percentage points"
        if percent
        else table.series.amount(worked.value)
    )
    question = f"by how much did {table.phrase} change from {before.label} to {after.label}"
    answer = f"It {'rose' if rose else 'fell'} by {amount}."
    yield _finding("difference", table, question, answer, (before, after), worked.steps, 0.9)


def _relative_change(table: Table, before: Point, after: Point) -> Iterator[Finding]:
    if (
        before.value <= 0
        or after.value < 0
        or before.value == after.value
        or table.series.unit in ("%", "°C")
    ):
        return
    worked = percentage_change(before.value, after.value, table.manner)
    if worked.value == 0:
        return
    question = (
        f"by what percentage did {table.phrase} change from {before.label} to {after.label}, "
        "rounded to one decimal place"
    )
    verb = "rose" if worked.value > 0 else "fell"
    answer = f"It {verb} by {abs(worked.value)}%."
    yield _finding("percentage_change", table, question, answer, (before, after), worked.steps, 1.0)


def _extreme(table: Table) -> Iterator[Finding]:
    points = table.series.points
    word = pick(("highest", "lowest"), table.phrase)
    ranked = sorted(points, key=lambda point: point.value, reverse=word == "highest")
    if ranked[0].value == ranked[1].value:
        return
    mark = " > " if word == "highest" else " < "
    steps = (
        mark.join(f"{table.manner.write(ranked[at].value)}" for at in (0, 1)),
        f"The {word} value is {ranked[0].written}, for {ranked[0].label}.",
    )
    question = f"in which year was {table.phrase} {word}"
    yield _finding("extreme", table, question, f"{ranked[0].label}", points, steps, 0.8)


def _average(table: Table) -> Iterator[Finding]:
    points = table.series.points
    decimals = max(table.series.decimals, 1)
    worked = average([point.value for point in points], table.manner, decimals)
    question = (
        f"what was the yearly average of {table.phrase} from {points[0].label} to {points[-1].label}, "
        f"rounded to {'one decimal place' if decimals == 1 else f'{decimals} decimal places'}"
    )
    yield _computed("average", table, question, worked, points, 0.8, decimals)


def _sum(table: Table) -> Iterator[Finding]:
    points = table.series.points
    if table.adds_up_over_time:
        worked = total([point.value for point in points], table.manner)
        question = (
            f"what does {table.phrase} add up to over the years {points[0].label} to {points[-1].label}"
        )
        yield _computed("sum", table, question, worked, points, 0.8)


def _computed(
    variety: str, table: Table, question: str, worked: Worked, points: Sequence[Point], weight: float,
    decimals: int | None = None,
) -> Finding:  # fmt: skip
    answer = table.series.amount(worked.value, decimals)
    return _finding(variety, table, question, answer, points, worked.steps, weight)


def _finding(
    variety: str, table: Table, question: str, answer: str, points: Sequence[Point], steps: Sequence[str],
    weight: float,
) -> Finding:  # fmt: skip
    given = values_needed(table.series, points, [point.label for point in points])
    return Finding(variety, question, answer, (given, *steps), tuple(points), weight)
