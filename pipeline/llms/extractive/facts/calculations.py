"""Questions whose answer a table does not state but implies, with the calculation written out."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.llms.extractive.arithmetic import Manner
from pipeline.llms.extractive.facts.comparisons import between_rows
from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.facts.measures import (
    column_phrase,
    label_phrase,
    row_noun,
    subject_phrase,
)
from pipeline.llms.extractive.facts.trends import over_time
from pipeline.llms.extractive.facts.worked import Finding, Table
from pipeline.llms.extractive.grid import Grid, grids
from pipeline.llms.extractive.reading import Reading, Section
from pipeline.llms.extractive.series import Series, caption_unit, series_of
from pipeline.llms.extractive.wording import Place, framed, pick, shuffled

KIND = "table_calculation"
_MAX_PER_TABLE = 16
_WEIGHTS = (1.0, 0.9, 0.8, 0.7)  # drawn by content, so that small choices do not all ask for one operation


def calculations(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    """Yield computed questions about a section's tables, a bounded choice from large ones."""
    for grid in grids(reading, section):
        here = replace(place, table=grid.caption)
        findings = [finding for series in series_of(grid) for finding in _findings(grid, series, reading)]
        for finding in shuffled(findings, key=lambda finding: finding.question)[:_MAX_PER_TABLE]:
            yield _fact(finding, grid, here.exact)


def _findings(grid: Grid, series: Series, reading: Reading) -> Iterator[Finding]:
    manner = Manner(series.decimals, series.grouping)
    if series.subject:
        own_unit = "" if series.unit == caption_unit(grid.caption) else series.unit
        phrase = subject_phrase(grid, series.subject, own_unit, reading)
        labels = tuple(point.label for point in series.points)
        table = Table(series, manner, phrase, phrase.removeprefix("the "), "", labels)
    else:
        phrase = column_phrase(series.measure, series.unit, reading)
        labels = tuple(label_phrase(grid, point.label, reading) for point in series.points)
        table = Table(series, manner, phrase, phrase.removeprefix("the "), row_noun(grid, reading), labels)
    found = over_time(table) if series.over_time else between_rows(table) if all(table.labels) else ()
    complete = grid.whole or bool(series.subject)
    yield from (finding for finding in found if complete or finding.variety != "extreme")


def _fact(finding: Finding, grid: Grid, place: str) -> Fact:
    rows = sorted({point.row.start: point.row for point in finding.points}.items())
    quotes = (*(row.line for _, row in rows), grid.header.line)
    return Fact(
        KIND, framed(finding.question, place), finding.answer, quotes, rows[0][0],
        pick(_WEIGHTS, finding.question), finding.steps, finding.variety,
    )  # fmt: skip
