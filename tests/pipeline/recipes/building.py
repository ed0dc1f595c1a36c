"""A recipe built, asked about one document, and answered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.mix import BuiltRecipe, build_recipes
from schemas.documents import Figure, Passage
from schemas.requests import Request
from schemas.samples import Sample
from schemas.settings import load_settings
from tests.pipeline.written import PNG, reply, whole, written

FLOWS = "The pump P-7 moves 420 litres a minute. It was bought on 3 March 2024 for 1,250 euros."
CARE = "The inlet filter of the P-7 must be changed every 200 hours, unless the water is soft."
TABLE = "| Hall | 2023 | 2024 |\n|------|------|------|\n| North | 1,250 | 1,300 |\n| South | 980 | 940 |"
FIGURE = Figure("figure-1", "image/png", PNG, page=2)
DOCUMENT = replace(written("# Pumps", FLOWS, CARE, TABLE), figures=(FIGURE,))
PASSAGE = whole(DOCUMENT)


def built(name: str, round_: int = 0, export: str = "raw", **options: Any) -> BuiltRecipe:
    count = options.pop("count", 2)
    chosen = {"name": name, "count": count, "options": options}
    settings = load_settings({"recipes": [chosen], "format": export, "model": "scripted/m"})
    return build_recipes(settings, language_model=True, round_=round_)[0]


def asked(recipe: BuiltRecipe, *passages: Passage) -> list[Request]:
    return list(recipe.requests(passages or (PASSAGE,)))


def answered(recipe: BuiltRecipe, request: Request, answer: Mapping[str, object]) -> list[Sample | Request]:
    assert request.answer_schema is not None
    return list(recipe.samples(request, reply(request, request.answer_schema.model_validate(answer))))


def sample(name: str, answer: Mapping[str, object], **options: Any) -> Sample:
    recipe = built(name, **options)
    [found] = answered(recipe, asked(recipe)[0], answer)
    assert isinstance(found, Sample)
    return found
