"""The promise about the examples, held over all of their documents."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.facts.arithmetic import steps
from pipeline.passages import plan_passages
from pipeline.tokens import TokenEstimate
from schemas.answers import QuestionAnswer, ReasonedAnswer
from schemas.contracts import RecipeSetup
from schemas.documents import Document
from schemas.registry import recipes
from schemas.requests import Sampling
from schemas.samples import Sample
from schemas.settings import Settings
from tests.pipeline.curated import rule
from tests.pipeline.extractive.asking import complete, example, pairs, reasoned

FOLDER = Path(__file__).parents[3] / "examples" / "handbook"
LEAST_SAMPLES, LEAST_KINDS = 60, 4


@cache
def _documents() -> tuple[Document, ...]:
    return tuple(example(path) for path in sorted(FOLDER.iterdir()) if path.is_file())


def _items() -> list[tuple[Document, QuestionAnswer | ReasonedAnswer]]:
    found: list[tuple[Document, QuestionAnswer | ReasonedAnswer]] = []
    for document in _documents():
        found += [(document, item) for item in pairs(document)]
        found += [(document, item) for item in reasoned(document)]
    return found


def test_the_examples_give_enough_samples_of_enough_kinds() -> None:
    kinds = Counter(item.kind for _, item in _items())
    assert sum(kinds.values()) >= LEAST_SAMPLES
    assert {"definition", "procedure", "section_fact", "table_cell", "table_calculation"} <= set(kinds)
    assert len(kinds) >= LEAST_KINDS


def test_every_quote_stands_in_its_document_and_every_step_comes_out() -> None:
    for document, item in _items():
        assert all(quote in document.text for quote in item.evidence), item
        if isinstance(item, ReasonedAnswer):
            assert all(step.right for line in item.steps for step in steps(line)), item


def test_every_question_is_whole_and_no_blank_to_fill() -> None:
    for _, item in _items():
        assert item.question[0].isupper(), item.question
        assert item.question.endswith("?"), item.question
        assert "__" not in item.question, item.question
        assert item.question.count('"') % 2 == 0, item.question
        assert item.answer.casefold() not in item.question.casefold() or len(item.answer) < 12, item


def test_no_question_is_asked_twice_of_one_document() -> None:
    asked = Counter((document.id, item.question) for document, item in _items())
    assert max(asked.values()) == 1


@pytest.mark.parametrize("name", ["stand_alone", "arithmetic", "evidence", "length"])
def test_curation_keeps_what_the_engine_makes(name: str) -> None:
    built = rule(name)
    for sample, document in _samples():
        verdict = built.judge(sample, plan_passages(document, Settings(), None, TokenEstimate()).passages)
        assert verdict.keep, (verdict, sample.question)


def _samples() -> list[tuple[Sample, Document]]:
    found = []
    for document in _documents():
        passages = plan_passages(document, Settings(), None, TokenEstimate()).passages
        for name in ("qa", "cot"):
            entry = recipes.get(name)
            recipe = entry.build(RecipeSetup(8, Sampling("extractive"), entry.options()))
            for request in recipe.requests(passages):
                made = recipe.samples(request, complete(request))
                found += [(sample, document) for sample in made if isinstance(sample, Sample)]
    return found
