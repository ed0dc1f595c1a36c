"""Single cells of tables: a row, a column, and what stands where they meet."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.facts.measures import (
    is_entity,
    label_phrase,
    measure_phrase,
    preposition,
    subject_phrase,
)
from pipeline.llms.extractive.grid import Grid, Row, grids
from pipeline.llms.extractive.numerals import read_numeral
from pipeline.llms.extractive.reading import Reading, Section
from pipeline.llms.extractive.series import caption_unit, is_code, is_total, is_year, split_unit, with_unit
from pipeline.llms.extractive.wording import Place, framed, quoted, shuffled

_BLANK = re.compile(r"^(?:[-–—.?*/\s]*|n/?a|none|nil|tbd|tbc)$", re.IGNORECASE)
_MEANS = re.compile(r"^(?:meaning|definition|stands for|full name|explanation)$", re.IGNORECASE)
_VALUE = re.compile(
    r"^(?:values?|figures?|details?|information|amount|data|specification|setting)$", re.IGNORECASE
)
_MAX_CELLS_PER_TABLE = 12
_MAX_CELL_CHARACTERS = 300


def tables(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    """Yield look-ups in a section's tables, a bounded choice from large ones."""
    for grid in grids(reading, section):
        labels = grid.column(0)
        if len(set(labels)) != len(labels):
            continue
        here = replace(place, table=grid.caption)
        cells = [(row, at) for row in grid.rows for at in range(1, len(row.cells)) if _is_answer(row, at)]
        for row, at in shuffled(cells, key=lambda cell: "|".join((*cell[0].cells, str(cell[1]))))[
            :_MAX_CELLS_PER_TABLE
        ]:
            yield from _look_up(reading, here, grid, row, at)


def _is_answer(row: Row, at: int) -> bool:
    cell, label = row.cells[at], row.cells[0]
    return (
        not _BLANK.match(label)
        and not is_total(label)
        and not _BLANK.match(cell)
        and len(cell) <= _MAX_CELL_CHARACTERS
        and len(label) <= 80
    )


def _look_up(reading: Reading, place: Place, grid: Grid, row: Row, at: int) -> Iterator[Fact]:
    header = grid.header.cells[at]
    if _MEANS.match(header):
        question = framed(f"what does {quoted(row.cells[0])} mean", place.exact)
        yield Fact("definition", question, row.cells[at], (row.line,), row.start, 0.95)
        return
    label = label_phrase(grid, row.cells[0], reading)
    name, unit = split_unit(header)
    unit = unit or caption_unit(grid.caption)
    numeral = read_numeral(row.cells[at])
    if not label or (numeral is None and not re.search(r"[^\W\d_]|\d", row.cells[at])):
        return
    answer = with_unit(row.cells[at], unit) if numeral and unit and not numeral.unit else row.cells[at]
    if _VALUE.match(header) and len(row.cells) == 2:
        question, weight = f"what is listed for {quoted(row.cells[0])}", 0.75
    elif numeral is None or is_code(name) or (is_entity(name, reading) and not is_year(header)):
        question, weight = f"what is listed under {quoted(header)} for {label}", 0.7
    elif is_year(header):
        subject, own_unit = split_unit(row.cells[0])
        unit = own_unit or unit
        answer = with_unit(row.cells[at], unit) if unit and not numeral.unit else row.cells[at]
        question, weight = f"what was {subject_phrase(grid, subject, own_unit, reading)} in {header}", 0.8
    elif is_year(row.cells[0]):
        question, weight = f"what was {measure_phrase(name, unit, reading)} in {row.cells[0]}", 0.8
    else:
        phrase = measure_phrase(name, unit, reading)
        plain_name = not phrase.endswith('"')
        question = f"what is {phrase} {preposition(name)} {label}"
        question, weight = (
            (question, 0.75) if plain_name else (f"what is listed under {quoted(header)} for {label}", 0.7)
        )
    yield Fact(
        "table_cell", framed(question, place.exact), answer, (row.line, grid.header.line), row.start, weight
    )
