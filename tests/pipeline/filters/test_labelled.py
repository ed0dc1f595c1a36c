"""Floors of the rules on the labelled sets."""

import pytest

from pipeline.facts.arithmetic import steps
from pipeline.languages import identified
from schemas.languages import LANGUAGES
from tests.pipeline.curated import PUMP, passage_of, rule, sample_of
from tests.pipeline.filters.labelled.cases import Case, labelled_cases
from tests.pipeline.filters.labelled.sentences import labelled_sentences
from tests.pipeline.filters.labelled.solutions import labelled_solutions


@pytest.mark.parametrize(("name", "cases"), labelled_cases().items())
def test_what_reads_like_a_fault_is_dropped_and_what_looks_like_one_stays(
    name: str, cases: list[Case]
) -> None:
    built = rule(name)
    passage = passage_of(PUMP)
    dropped = [
        (case.drop, not built.judge(sample_of(case.question, case.answer, passage), (passage,)).keep)
        for case in cases
    ]
    caught = [found for wanted, found in dropped if wanted]
    false_alarms = [found for wanted, found in dropped if not wanted]
    assert len(caught) >= 25
    assert len(false_alarms) >= 25
    assert sum(caught) / len(caught) >= 0.95
    assert sum(false_alarms) == 0


def test_short_sentences_are_identified_in_twelve_languages() -> None:
    rows = labelled_sentences()
    assert {language for language, _ in rows} == set(LANGUAGES)
    right = sum(identified(sentence)[0] == language for language, sentence in rows)
    assert len(rows) == 288
    assert right / len(rows) >= 0.97


def test_wrong_results_are_caught_and_right_ones_pass() -> None:
    flagged = [
        (solution.wrong, any(not step.right for step in steps(solution.text)))
        for solution in labelled_solutions(2_000, seed=9)
    ]
    caught = [flag for wrong, flag in flagged if wrong]
    false_alarms = [flag for wrong, flag in flagged if not wrong]
    assert sum(caught) / len(caught) >= 0.80
    assert sum(false_alarms) / len(false_alarms) <= 0.01
