"""`unanswerable`: questions that no passage answers."""

import pytest

from pipeline.mix import build_recipes
from schemas.requests import Request
from schemas.samples import Sample
from schemas.settings import load_settings
from tests.pipeline.recipes.building import PASSAGE, answered, asked, built
from tests.pipeline.written import whole, written


@pytest.mark.parametrize(("verdict", "fault"), [("not_answered", None), ("answered", "answered_in_corpus")])
def test_an_unanswerable_question_is_checked_against_the_nearest_passages(
    verdict: str, fault: str | None
) -> None:
    other = whole(written("The pump P-7 weighs 31 kilograms.", title="Weights"))
    recipe = built("unanswerable")
    item = {
        "question": "How many kilograms does the pump P-7 weigh?",
        "answer": "That is not known; it moves 420 litres a minute.",
        "kind": "near_miss",
        "evidence": ["moves 420 litres a minute"],
    }
    [check] = answered(recipe, asked(recipe, PASSAGE, other)[0], {"items": [item]})
    assert isinstance(check, Request)
    assert "31 kilograms" in check.messages[1].content
    [found] = answered(recipe, check, {"verdict": verdict})
    assert isinstance(found, Sample)
    assert found.fault == fault


def test_a_question_in_another_language_is_checked_against_the_passages_nearest_to_its_quotes() -> None:
    other = whole(written("The pump P-7 weighs 31 kilograms and stands beside the door.", title="Weights"))
    far = whole(written("Nothing at all links this page to any other one.", title="Other"))
    settings = load_settings(
        {"recipes": ["unanswerable"], "model": "scripted/m", "question_language": "de", "format": "raw"}
    )
    [recipe] = build_recipes(settings, language_model=True)
    item = {
        "question": "Wie viel wiegt sie?",
        "answer": "That is not known; the pump moves 420 litres a minute.",
        "kind": "near_miss",
        "evidence": ["The pump P-7 moves 420 litres a minute."],
    }
    [check] = answered(recipe, asked(recipe, PASSAGE, other, far)[0], {"items": [item]})
    assert isinstance(check, Request)
    assert check.passages == (PASSAGE, other)


def test_questions_are_checked_against_what_is_held_out_for_a_quiz_and_never_ask_about_it() -> None:
    pages = [whole(written(f"The pump P-{number} weighs {number + 30} kilograms.")) for number in range(60)]
    settings = load_settings({"recipes": ["unanswerable", "quiz"], "model": "scripted/m", "format": "raw"})
    unanswerable, quiz = build_recipes(settings, language_model=True)
    held_out = {request.passages[0] for request in quiz.requests(pages)}
    requests = list(unanswerable.requests(pages))
    assert held_out
    assert held_out.isdisjoint(request.passages[0] for request in requests)
    aim = min(held_out, key=lambda page: page.id)
    item = {
        "question": f"How much does {aim.text.split()[2]} weigh?",
        "answer": "That is not known.",
        "kind": "near_miss",
        "evidence": [requests[0].passages[0].text],
    }
    [check] = answered(unanswerable, requests[0], {"items": [item]})
    assert isinstance(check, Request)
    assert aim in check.passages
