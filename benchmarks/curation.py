"""Curation against its targets: `python -m benchmarks.curation [ROWS]`, from the project's root.

Exits with 1 where a target is missed. Times are CPU seconds of this process.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.curation import Curation
from pipeline.facts.arithmetic import steps
from pipeline.languages import identified
from pipeline.select.meaning import leaders_by_meaning
from pipeline.select.near import leaders
from pipeline.select.tokens import Vocabulary
from schemas.contracts import Filter, FilterSetup
from schemas.registry import filters
from schemas.settings import load_settings
from tests.pipeline.filters.labelled.answers import labelled_answers
from tests.pipeline.filters.labelled.sentences import labelled_sentences
from tests.pipeline.filters.labelled.solutions import labelled_solutions
from tests.pipeline.select.labelled_duplicates import labelled_rows
from tests.pipeline.select.labelled_swaps import swapped_rows


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `floor` is the least wanted, `ceiling` the most."""

    name: str
    value: float
    floor: float | None = None
    ceiling: float | None = None

    @property
    def met(self) -> bool:
        return (self.floor is None or self.value >= self.floor) and (
            self.ceiling is None or self.value <= self.ceiling
        )


def near_duplicates(rows_wanted: int) -> Iterator[Figure]:
    rows = labelled_rows(rows_wanted, seed=7)
    started = time.process_time()
    vocabulary = Vocabulary()
    tokens = [vocabulary.add(row.text) for row in rows]
    found = leaders(tokens, vocabulary)
    seconds = time.process_time() - started
    merged = [(rows[at].fact, rows[leader].fact) for at, leader in enumerate(found) if at != leader]
    right = sum(one == other for one, other in merged)
    facts = {row.fact for row in rows}
    lost = facts - {rows[leader].fact for leader in found}
    yield Figure("near duplicates: precision", right / len(merged), floor=0.995)
    yield Figure("near duplicates: recall", right / (len(rows) - len(facts)), floor=0.97)
    yield Figure("near duplicates: distinct facts lost", len(lost) / len(facts), ceiling=0.001)
    yield Figure("near duplicates: rows per CPU-second", len(rows) / seconds, floor=7_500)


def swapped_pairs() -> Iterator[Figure]:
    rows = swapped_rows(2_000, seed=3)
    vocabulary = Vocabulary()
    found = leaders([vocabulary.add(row.text) for row in rows], vocabulary)
    merged = [(rows[at].fact, rows[leader].fact) for at, leader in enumerate(found) if at != leader]
    facts = len({row.fact for row in rows})
    lost = sum(one != other for one, other in merged)
    right = sum(one == other for one, other in merged)
    yield Figure("swapped pairs: distinct facts lost", lost / facts, ceiling=0.001)
    yield Figure("swapped pairs: copies found beside them", right / (len(rows) - facts), floor=0.97)


def meanings(count: int) -> Iterator[Figure]:
    """Search random vectors of which a quarter are copies, at a cosine of about 0.94."""
    import numpy as np

    draw = np.random.default_rng(5)
    distinct = count * 3 // 4
    facts = draw.standard_normal((distinct, 64), dtype=np.float32)
    copies = facts[: count - distinct] + 0.35 * draw.standard_normal((count - distinct, 64), dtype=np.float32)
    matrix = np.concatenate((facts, copies))
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    near = (matrix[distinct:] * matrix[: count - distinct]).sum(axis=1) >= 0.9
    vocabulary = Vocabulary()
    row = vocabulary.add("all of them say this")
    started = time.process_time()
    found = leaders_by_meaning([row] * count, range(count), matrix, vocabulary, 0.9)
    seconds = time.process_time() - started
    led = {at: leader for at, leader in enumerate(found) if at != leader}
    right = sum(at - distinct == leader for at, leader in led.items())
    yield Figure("meanings: copies found", right / int(near.sum()), floor=0.97)
    yield Figure("meanings: rows per CPU-second", count / seconds, floor=2_000)


def support() -> Iterator[Figure]:
    entry = filters.get("support")
    rule = entry.build(FilterSetup(entry.options()))
    assert isinstance(rule, Filter)
    rows = labelled_answers(passages=400, seed=23)
    started = time.process_time()
    kept = [(row.fault, rule.judge(row.sample, (row.passage,)).keep) for row in rows]
    milliseconds = (time.process_time() - started) / len(rows) * 1e3
    true = [keep for fault, keep in kept if not fault]
    false = [keep for fault, keep in kept if fault]
    yield Figure("support: true answers kept", sum(true) / len(true), floor=0.90)
    yield Figure("support: false answers caught", 1 - sum(false) / len(false), floor=0.93)
    yield Figure("support: ms per answer", milliseconds, ceiling=2.5)


def arithmetic() -> Iterator[Figure]:
    solutions = labelled_solutions(10_000, seed=9)
    flagged = [(s.wrong, any(not step.right for step in steps(s.text))) for s in solutions]
    wrong = [flag for is_wrong, flag in flagged if is_wrong]
    right = [flag for is_wrong, flag in flagged if not is_wrong]
    yield Figure("arithmetic: planted errors caught", sum(wrong) / len(wrong), floor=0.80)
    yield Figure("arithmetic: false alarms", sum(right) / len(right), ceiling=0.01)


def language() -> Iterator[Figure]:
    rows = labelled_sentences()
    right = sum(identified(sentence)[0] == wanted for wanted, sentence in rows)
    yield Figure("language: sentences of 20 to 60 characters", right / len(rows), floor=0.97)


def all_rules() -> Iterator[Figure]:
    rows = [row for row in labelled_answers(passages=400, seed=29) if not row.fault]
    curation = Curation(load_settings(), language_model=False)
    curation.judge(rows[0].sample, (rows[0].passage,))  # loads the language model
    started = time.process_time()
    kept = sum(curation.judge(row.sample, (row.passage,)).keep for row in rows)
    seconds = time.process_time() - started
    yield Figure("all rules: true samples kept", kept / len(rows), floor=0.90)
    yield Figure("all rules: samples per CPU-second", len(rows) / seconds, floor=250)


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    figures = [
        *near_duplicates(rows),
        *swapped_pairs(),
        *meanings(min(rows, 100_000)),
        *support(),
        *arithmetic(),
        *language(),
        *all_rules(),
    ]
    for figure in figures:
        bound = f">= {figure.floor:g}" if figure.floor is not None else f"<= {figure.ceiling:g}"
        print(f"{'ok  ' if figure.met else 'MISS'} {figure.name:45} {figure.value:12,.5g}  {bound}")
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
