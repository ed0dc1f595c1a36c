"""Computed questions that compare or combine the rows of one column."""

from collections.abc import Iterator, Sequence

from pipeline.llms.extractive.arithmetic import average, difference, ratio, total
from pipeline.llms.extractive.facts.worked import Finding, Table, joined, values_needed
from pipeline.llms.extractive.series import Point
from pipeline.llms.extractive.wording import capitalised, pick, shuffled

_MAX_COMBINED = 4
_MAX_RANKED = 12


def between_rows(table: Table) -> Iterator[Finding]:
    """Yield differences, the extreme row, ratios, and sums and averages of a few rows."""
    names = dict(zip(table.series.points, table.labels, strict=True))
    yield from _difference(table, names)
    if 3 <= len(names) <= _MAX_RANKED:
        yield from _extreme(table, names)
    if len(names) >= 3 and not table.name.startswith("figure for"):
        yield from _combined(table, names)


def _difference(table: Table, names: dict[Point, str]) -> Iterator[Finding]:
    first, second = shuffled(list(names), key=lambda point: table.phrase + point.label)[:2]
    if first.value == second.value:
        return
    high, low = (first, second) if first.value > second.value else (second, first)
    worked = difference(high.value, low.value, table.manner)
    percent = table.series.unit == "%"
    answer = (
        f"{table.manner.write(worked.value)} percentage points"
        if percent
        else table.series.amount(worked.value)
    )
    noun = table.phrase if table.name.startswith(("number ", "figure ", "share ")) else table.name
    question = f"what is the difference in {noun} between {names[first]} and {names[second]}"
    yield _finding("difference", table, question, answer, (high, low), names, worked.steps, 0.9)
    if low.value > 0 and high.value >= low.value * 2 and table.adds_up:
        worked = ratio(high.value, low.value, table.manner)
        question = (
            f"how many times as high is {table.phrase} for {names[high]} as for {names[low]}, "
            "rounded to one decimal place"
        )
        yield _finding(
            "ratio", table, question, f"{worked.value} times", (high, low), names, worked.steps, 0.75
        )


def _extreme(table: Table, names: dict[Point, str]) -> Iterator[Finding]:
    word = pick(("highest", "lowest"), table.phrase)
    ranked = sorted(names, key=lambda point: point.value, reverse=word == "highest")
    if not table.noun or ranked[0].value == ranked[1].value:
        return
    mark = " > " if word == "highest" else " < "
    steps = (
        mark.join(table.manner.write(point.value) for point in ranked[:2]),
        f"The {word} value is {ranked[0].written}, for {names[ranked[0]]}.",
    )
    question = f"which {table.noun} has the {word} {table.name}"
    yield _finding(
        "extreme", table, question, capitalised(names[ranked[0]]).strip('"'), tuple(names), names, steps, 0.85
    )


def _combined(table: Table, names: dict[Point, str]) -> Iterator[Finding]:
    few = list(names)
    if len(few) > _MAX_COMBINED:
        chosen = shuffled(few, key=lambda point: point.label + table.phrase)[:3]
        few = [point for point in few if point in chosen]
    listed = joined([names[point] for point in few])
    values = [point.value for point in few]
    if table.adds_up:
        worked = total(values, table.manner)
        question = f"what is the combined {table.name} for {listed}"
        yield _finding(
            "sum", table, question, table.series.amount(worked.value), few, names, worked.steps, 0.8
        )
    if table.name.startswith("figure "):
        return
    decimals = max(table.series.decimals, 1)
    places = "one decimal place" if decimals == 1 else f"{decimals} decimal places"
    worked = average(values, table.manner, decimals)
    question = f"what is the average {table.name} for {listed}, rounded to {places}"
    answer = table.series.amount(worked.value, decimals)
    yield _finding("average", table, question, answer, few, names, worked.steps, 0.7)


def _finding(
    variety: str, table: Table, question: str, answer: str, points: Sequence[Point], names: dict[Point, str],
    steps: Sequence[str], weight: float,
) -> Finding:  # fmt: skip
    given = values_needed(table.series, points, [names[point] for point in points])
    return Finding(variety, question, answer, (given, *steps), tuple(points), weight)
