import asyncio

import pytest
from pydantic import BaseModel

from pipeline.llms.extractive.engine import Extractive
from schemas.answers import QuestionAnswers, ReasonedAnswers
from schemas.errors import NeedsModel
from schemas.registry import providers
from schemas.requests import Message, Request, Sampling, Usage
from tests.pipeline.extractive.asking import ask, pairs, read, whole

HARBOUR = """
# Harbour Handbook

## Arrival

The master must report the arrival within 24 hours. A berth window is the period of time in which a vessel
may lie at a berth. The harbour has 14 berths. Visitors may enter the terminal only with a valid pass.

| Berth | Depth (m) |
| --- | --- |
| East Quay | 9.5 |
| West Quay | 7.0 |
"""


class Summary(BaseModel):
    text: str


def test_the_engine_is_registered_and_says_that_it_is_no_language_model() -> None:
    entry = providers.get("extractive")
    assert not entry.is_language_model
    assert entry.connect is not None
    assert isinstance(entry.connect("extractive"), Extractive)


def test_a_recipe_that_asks_for_something_else_is_refused_by_name() -> None:
    request = Request(
        "summary", (Message("user", "x"),), Sampling("extractive"), Summary, (whole(read(HARBOUR)),)
    )
    with pytest.raises(NeedsModel, match="summary needs a language model"):
        asyncio.run(Extractive().complete(request))


def test_the_reply_costs_nothing_and_its_text_is_its_answer() -> None:
    reply = ask("qa", QuestionAnswers, whole(read(HARBOUR)), 3)
    assert reply.usage == Usage()
    assert reply.model == "extractive"
    assert QuestionAnswers.model_validate_json(reply.text) == reply.answer


def test_the_same_request_gets_the_same_reply() -> None:
    replies = [ask("cot", ReasonedAnswers, whole(read(HARBOUR)), 5).text for _ in range(2)]
    assert replies[0] == replies[1]


def test_a_small_count_is_kept_and_mixes_kinds() -> None:
    items = pairs(HARBOUR, count=4)
    assert len(items) == 4
    assert len({item.kind for item in items}) == 4


def test_a_passage_yields_only_what_stands_inside_it() -> None:
    document = read(HARBOUR)
    table = next(block for block in document.blocks if block.kind == "table")
    answers = {item.answer for item in pairs(HARBOUR)}
    assert "9.5 m" in answers
    assert all(quote in document.text for item in pairs(HARBOUR) for quote in item.evidence)
    assert any(quote in document.block_text(table) for item in pairs(HARBOUR) for quote in item.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "# Hafenhandbuch\n\nDer Kapitän muss die Ankunft binnen 24 Stunden melden. Der Hafen ist groß.",
        "# Manuel du port\n\nLe capitaine est la personne qui dirige le navire. Le port est une zone.",
        "",
        "# Empty\n",
        "- - -\n\n| |\n|-|\n| |",
    ],
)
def test_a_text_that_no_rule_can_ask_about_yields_no_items(text: str) -> None:
    assert pairs(text) == []


def test_a_document_without_a_usable_name_yields_nothing() -> None:
    assert pairs(read("The harbour has 14 berths.", title="index")) == []


def test_a_question_with_two_answers_is_not_asked() -> None:
    twice = "# Pier Manual\n\nThe mate must ring the bell. The mate must close the doors of the car deck."
    assert not [item for item in pairs(twice) if "what must the mate do" in item.question]
