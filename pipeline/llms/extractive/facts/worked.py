"""What the computed questions share: a series with its names, and how its values are listed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.llms.extractive.arithmetic import Manner
from pipeline.llms.extractive.series import Point, Series, with_unit

_NOT_ADDED = re.compile(
    r"\b(?:average|mean|median|rate|share|ratio|price|fee|tariff|charge|depth|length|width|height|draught|beam|"
    r"temperature|precision|recall|accuracy|percentile|latency|time|max|maximum|min|minimum|limit|speed|"
    r"index|score|age|percent|percentage|per|margin|density|latitude|longitude|duration|distance|level)\b",
    re.IGNORECASE,
)
_STOCKS = re.compile(
    r"\b(?:employees|staff|population|members|inhabitants|capacity|headcount|balance|stock|fleet|users|berths|"
    r"assets|debt|vehicles|subscribers)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A computed answer before it is framed: a question without capital and question mark."""

    variety: str
    question: str
    answer: str
    steps: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A series and what questions call it.

    `phrase` has its article, as in `the number of vessel calls`; `name` has none; `noun` is what a row is,
    and `labels` what each point is called after `for`.
    """

    series: Series
    manner: Manner
    phrase: str
    name: str
    noun: str
    labels: tuple[str, ...]

    def label(self, point: Point) -> str:
        """Return what a point is called inside a question."""
        return self.labels[self.series.points.index(point)]

    def finding(
        self, variety: str, question: str, answer: str, steps: Sequence[str], points: Sequence[Point]
    ) -> Finding:
        """Return a finding whose first step says which values the calculation takes from the table."""
        series = self.series
        listed = [
            f"{with_unit(point.written, series.unit, series.unit_before)} for {self.label(point)}"
            for point in points
        ]
        given = f"The values needed are {joined(listed)}."
        return Finding(variety, question, answer, (given, *steps), tuple(points))

    @property
    def adds_up(self) -> bool:
        """Whether a sum of different rows means something."""
        series = self.series
        text = f"{series.measure} {series.subject}"
        counted = bool(series.unit) or not series.decimals
        return (
            counted
            and not _NOT_ADDED.search(text)
            and series.unit not in ("%", "°C", "°")
            and all(p.value >= 0 for p in series.points)
        )

    @property
    def adds_up_over_time(self) -> bool:
        """Whether a sum over years means something: true of flows, not of what is counted at one moment."""
        return self.adds_up and not _STOCKS.search(f"{self.series.measure} {self.series.subject}")


def extreme_steps(table: Table, word: str, ranked: Sequence[Point]) -> tuple[str, ...]:
    """Return how the first of the ranked points is told from the second."""
    mark = ">" if ranked[0].value > ranked[1].value else "<"
    comparison = f"{table.manner.write(ranked[0].value)} {mark} {table.manner.write(ranked[1].value)}"
    return comparison, f"The {word} value is {ranked[0].written}, for {table.label(ranked[0])}."


def joined(items: Sequence[str]) -> str:
    """Return items as an enumeration in a sentence."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
