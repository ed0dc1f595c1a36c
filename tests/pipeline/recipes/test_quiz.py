"""`quiz`: questions of an examination."""

import pytest

from schemas.samples import Sample
from tests.pipeline.recipes.building import answered, asked, built


def quiz(**changes: object) -> Sample:
    item = {
        "question": "How much does the P-7 move?",
        "answer": "420 litres a minute",
        "kind": "multiple_choice",
        "distractors": ["480 litres a minute", "42 litres a minute", "420 litres an hour more"],
        "evidence": ["moves 420 litres a minute"],
    }
    recipe = built("quiz", share=0.999999)
    [found] = answered(recipe, asked(recipe)[0], {"items": [item | changes]})
    assert isinstance(found, Sample)
    return found


def test_a_quiz_shuffles_its_choices_and_answers_with_the_right_one() -> None:
    found = quiz(distractors=["480 litres a minute", "42 litres a minute", "4 litres a minute"])
    assert found.answer in found.question.splitlines()
    assert found.answer.endswith("420 litres a minute")
    assert found.fault is None


@pytest.mark.parametrize(
    ("distractors", "fault"),
    [
        (["480 litres"], "distractors_missing"),
        (["480 litres", "42 litres", "420 litres a minute"], "distractor_is_right"),
        (["480 litres", "480 Litres", "42 litres"], "distractors_repeat"),
    ],
)
def test_a_quiz_with_bad_distractors_is_at_fault(distractors: list[str], fault: str) -> None:
    assert quiz(distractors=distractors).fault == fault
