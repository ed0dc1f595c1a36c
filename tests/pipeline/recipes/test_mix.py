"""What a mix of recipes may say, and what is refused."""

import pytest

from pipeline.mix import build_recipes
from schemas.documents import Passage
from schemas.errors import NeedsModel, SettingsError, UnknownName
from schemas.settings import load_settings
from tests.pipeline.recipes.building import DOCUMENT, PASSAGE, asked, built


def test_an_unknown_recipe_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="qa"):
        built("qaa")


def test_a_format_that_does_not_fit_is_refused_with_those_that_do() -> None:
    with pytest.raises(SettingsError, match="fitting: preference"):
        built("preference", export="alpaca")


def test_a_recipe_that_needs_a_model_refuses_the_extractive_engine() -> None:
    with pytest.raises(NeedsModel, match="summary"):
        build_recipes(load_settings({"recipes": ["summary"]}), language_model=False)
    assert build_recipes(load_settings({}), language_model=False)
    with pytest.raises(NeedsModel, match="writing in German needs a language model"):
        build_recipes(load_settings({"language": "de"}), language_model=False)


def test_an_unknown_option_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"recipes.qa.scenario'.*scenarios"):
        built("qa", scenario={})


def test_an_axis_of_a_grid_goes_over_the_recipes_own_and_leaves_the_others() -> None:
    recipe = built("cot", count=4, scenarios={"audience": ["a child"], "style": []})
    plan = asked(recipe)[0].messages[-1].content
    assert plan.count("audience: a child") == 4
    assert "style:" not in plan
    assert plan.count("kind: ") == plan.count("difficulty: ") == 4
    assert "difficulty: easy" not in plan


def test_one_recipe_may_stand_in_a_mix_twice() -> None:
    settings = load_settings({"recipes": [{"qa": 1}, {"qa": {"count": 2}}]})
    first, second = build_recipes(settings, language_model=False)
    assert (first.label, second.label) == ("qa", "qa-2")
    assert next(second.requests([PASSAGE])).recipe == "qa-2"


def test_passages_of_a_quiz_are_seen_by_no_other_recipe() -> None:
    settings = load_settings({"recipes": ["qa", {"quiz": {"share": 0.3}}], "model": "scripted/m"})
    qa, quiz = build_recipes(settings, language_model=True)
    passages = [Passage(DOCUMENT, start, start + 20, (), 40) for start in range(150)]
    trained = {request.passages for request in qa.requests(passages)}
    examined = {request.passages for request in quiz.requests(passages)}
    assert trained.isdisjoint(examined)
    assert len(trained) + len(examined) == 150
    assert 25 < len(examined) < 65
