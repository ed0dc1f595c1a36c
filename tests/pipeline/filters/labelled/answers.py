# ruff: noqa: E501  # one question a line reads better
"""Questions with true answers and planted false ones, over prose and tables of our own making."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.documents import Passage
from schemas.samples import Sample
from tests.pipeline.curated import passage_of, sample_of

_PLANTS = ("Lyon", "Porto", "Dresden", "Leeds", "Ghent", "Bilbao", "Graz", "Utrecht")
_PEOPLE = ("Anna Kurz", "Luis Prado", "Mei Tanaka", "Omar Haddad", "Ines Moreau", "Jon Eklund")
_PARTS = ("intake filter", "drive belt", "cooling loop", "pressure valve", "control board", "seal kit")
_TASKS = ("repairs above 2,000 euros", "new suppliers", "overtime", "safety drills", "annual audits")
_UNITS = ("litres", "kg", "hours", "km", "bar")
_UNIT_SWAPS = {"litres": "kg", "kg": "litres", "hours": "days", "km": "metres", "bar": "volts"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its true answer with the quote it leans on, and things to mistake it for."""

    question: str
    answer: str
    quote: str
    number: float | None = None
    unit: str = ""
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """A sample with its passage; `fault` is empty for a true answer."""

    sample: Sample
    passage: Passage
    fault: str


def labelled_answers(passages: int, seed: int) -> list[LabelledAnswer]:
    """Return true and false answers on that many passages, half of them tables."""
    random_ = random.Random(seed)
    made = [(_prose if at % 2 else _table)(random_) for at in range(passages)]
    rows = []
    for at, (passage, questions) in enumerate(made):
        elsewhere = made[at - 2][1]  # the same kind of passage, another one
        for question in questions:
            rows.append(_row(question, question.answer, passage, ""))
            rows += [
                _row(question, answer, passage, fault)
                for fault, answer in _false_answers(question, elsewhere, random_)
                if answer.casefold() != question.answer.casefold()
            ]
    return rows


def _row(question: Question, answer: str, passage: Passage, fault: str) -> LabelledAnswer:
    sample = sample_of(question.question, answer, passage, tuple(question.quote.split("\n")))
    return LabelledAnswer(sample, passage, fault)


def _false_answers(
    question: Question, elsewhere: list[Question], random_: random.Random
) -> Iterator[tuple[str, str]]:
    number = question.number
    if number is not None:
        shown = _shown(number)
        yield "digit", question.answer.replace(shown, _shown(_other_digit(number, random_)))
        yield "scale", question.answer.replace(shown, _shown(number * random_.choice((10, 100, 1000))))
        if question.unit in _UNIT_SWAPS:
            yield "unit", question.answer.replace(question.unit, _UNIT_SWAPS[question.unit])
    if question.rivals:
        yield "entity", random_.choice(question.rivals)
    yield "other_passage", random_.choice(elsewhere).answer


def _other_digit(number: float, random_: random.Random) -> float:
    digits = list(_shown(number))
    at = random_.choice([place for place, digit in enumerate(digits) if digit.isdigit()])
    digits[at] = random_.choice([digit for digit in "123456789" if digit != digits[at]])
    return float("".join(digits).replace(",", ""))


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def _prose(random_: random.Random) -> tuple[Passage, list[Question]]:
    plants, people = random_.sample(_PLANTS, 2), random_.sample(_PEOPLE, 2)
    parts, tasks = random_.sample(_PARTS, 2), random_.sample(_TASKS, 2)
    unit, values = random_.choice(_UNITS), [random_.randint(12, 9800) for _ in range(4)]
    year = random_.randint(2005, 2024)
    sentences = [
        f"The {plants[0]} plant opened in {year} and employs {values[0]} people.",
        f"In {plants[1]}, {values[1]} people work in two shifts.",
        f"{people[0]} approves {tasks[0]}, while {people[1]} is in charge of {tasks[1]}.",
        f"The {parts[0]} is rated for {values[2]:,} {unit} and must be checked every 6 weeks.",
        f"The {parts[1]} is not covered by the warranty, which lasts 24 months.",
        f"A new {parts[1]} costs {values[3]:,} euros.",
    ]
    passage = passage_of(" ".join(sentences), title=f"{plants[0]} handbook")
    total = values[0] + values[1]
    return passage, [
        Question(f"How many people does the {plants[0]} plant employ?", f"{values[0]:,} people", sentences[0],
                 values[0], "", (f"{values[1]:,} people",)),
        Question(f"Who approves {tasks[0]}?", people[0], people[0] + f" approves {tasks[0]}", None, "", (people[1],)),
        Question(f"What is the {parts[0]} rated for?", f"It is rated for {values[2]:,} {unit}.", sentences[3],
                 values[2], unit),
        Question(f"Does the warranty cover the {parts[1]}?", f"The {parts[1]} is not covered by the warranty.",
                 sentences[4], None, "", (f"The {parts[1]} is covered by the warranty.",)),
        Question(f"What does a new {parts[1]} cost?", f"A new {parts[1]} costs {values[3]:,} euros.", sentences[5],
                 values[3]),
        Question(f"How many people work at {plants[0]} and {plants[1]} together?", f"{total:,} people",
                 f"{sentences[0]}\n{sentences[1]}", total),
        Question(f"How often must the {parts[0]} be checked?", "Every 6 weeks", sentences[3], 6, "weeks",
                 ("Every 24 months",)),
    ]  # fmt: skip


def _table(random_: random.Random) -> tuple[Passage, list[Question]]:
    rows = random_.sample(_PLANTS, 4)
    year = random_.randint(2010, 2022)
    cells = {plant: [random_.randint(110, 9900) for _ in range(3)] for plant in rows}
    header = f"| Plant | {year} | {year + 1} | {year + 2} |\n|---|---|---|---|\n"
    lines = {
        plant: f"| {plant} | " + " | ".join(f"{cell:,}" for cell in cells[plant]) + " |" for plant in rows
    }
    text = "Revenue by plant, in thousand euros.\n\n" + header + "\n".join(lines.values())
    passage = passage_of(text, title="Annual report")
    one, two = rows[:2]
    change = round(100 * (cells[one][2] - cells[one][0]) / cells[one][0], 1)
    mean = round(sum(cells[two]) / 3, 1)
    difference = abs(cells[one][1] - cells[two][1])
    best = max(rows, key=lambda plant: cells[plant][0])
    return passage, [
        Question(f"What was the revenue of {one} in {year + 1}?", f"{cells[one][1]:,} thousand euros", lines[one],
                 cells[one][1], "", (f"{cells[two][1]:,} thousand euros",)),
        Question(f"By how many per cent did the revenue of {one} change from {year} to {year + 2}?", f"{_shown(change)}%",
                 lines[one], change),
        Question(f"What was the average revenue of {two} over the three years?", f"{_shown(mean)} thousand euros",
                 lines[two], mean),
        Question(f"How far apart were {one} and {two} in {year + 1}?", f"{difference:,} thousand euros",
                 f"{lines[one]}\n{lines[two]}", difference),
        Question(f"Which plant had the highest revenue in {year}?", best, lines[best], None, "",
                 tuple(plant for plant in rows if plant != best)),
    ]  # fmt: skip
