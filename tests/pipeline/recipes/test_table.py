"""`table`: questions that a program answers."""

import pytest

from tests.pipeline.recipes.building import sample

TABLE_ITEM: dict[str, object] = {
    "question": "By how much did sales of the North hall grow from 2023 to 2024?",
    "program": ['before = cell("North", "2023")', 'cell("North", "2024") - before'],
    "explanations": ["Take the sales of 2023.", "Subtract them from those of 2024."],
    "answer": "They grew by {result}.",
    "evidence": ["| North | 1,250 | 1,300 |"],
    "kind": "difference",
}


def test_a_table_question_is_answered_by_its_program_and_its_steps_are_the_reasoning() -> None:
    found = sample("table", {"items": [TABLE_ITEM]})
    assert found.answer == "They grew by 50."
    assert found.reasoning is not None
    assert found.reasoning.endswith('Subtract them from those of 2024. cell("North", "2024") - before → 50')
    assert found.fault is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"program": ['cell("East", "2023")']}, "program_failed"),
        ({"program": ["__import__('os').system('true')"]}, "program_failed"),
        ({"answer": "They grew by 60."}, "result_not_in_answer"),
        ({"explanations": ["One only."]}, "steps_not_explained"),
    ],
)
def test_a_table_question_whose_program_does_not_bear_it_out_is_at_fault(
    change: dict[str, object], fault: str
) -> None:
    assert sample("table", {"items": [TABLE_ITEM | change]}).fault == fault
