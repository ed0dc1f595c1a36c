"""`cross_document`: packs of whole documents, and questions that take two or more of them."""

import asyncio
from dataclasses import replace

import pytest

from pipeline.filters.hops import Hops
from pipeline.mix import BuiltRecipe, build_recipes
from pipeline.passages import plan_passages
from pipeline.select.candidates import documents_of, home_of
from pipeline.tokens import TokenEstimate
from schemas.contracts import FilterSetup, Options
from schemas.documents import Document, Passage
from schemas.requests import Completion, Request, Sampling
from schemas.samples import Sample
from schemas.settings import load_settings
from tests.pipeline.written import reply, written

RUNS = "In Ulm, the pump is run by Maria Lopez every single day of the week, holidays included."
STUDIED = "Before joining the works in Ulm, the operator Maria Lopez had studied engineering in Turin."
BREAD = "Bread is baked from rye flour in the bakery beneath the old chapel bridge."
PLANT = written("# Plant", RUNS, "## Stores", BREAD, title="Plant")
PEOPLE = written("# People", STUDIED, title="People")
OTHER = written(
    "# Other", "Nothing at all is said here about anybody or anything of the works.", title="Other"
)
ITEM = {"question": "Where did the operator of the pump in Ulm study?", "steps": ["s"], "answer": "Turin",
        "kind": "bridge"}  # fmt: skip


def recipe() -> BuiltRecipe:
    settings = load_settings({"model": "scripted/m", "recipes": ["cross_document"]})
    return build_recipes(settings, language_model=True)[0]


def parts(*documents: Document) -> list[Passage]:
    settings = load_settings({"context": "whole", "passages": {"max_tokens": 50}})
    plans = (plan_passages(document, settings, 10_000, TokenEstimate()) for document in documents)
    return [part for plan in plans for part in plan.passages]


def asked(*documents: Document) -> list[Request]:
    return list(recipe().requests(parts(*documents)))


def answered(request: Request, *evidence: str) -> Sample:
    assert request.answer_schema is not None
    said = {"items": [ITEM | {"evidence": list(evidence)}]}
    [found] = recipe().samples(request, reply(request, request.answer_schema.model_validate(said)))
    assert isinstance(found, Sample)
    return found


def test_a_pack_is_shown_once_and_asked_about_for_each_document() -> None:
    found = asked(PLANT, PEOPLE, OTHER)
    assert len(found) == 3
    assert len({request.messages[:3] for request in found}) == 1
    assert len({id(request.messages[1]) for request in found}) == 1
    assert len({request.prefix_group for request in found}) == 1
    assert len({request.id for request in found}) == 3
    for number, document in enumerate((PLANT, PEOPLE, OTHER), 1):
        assert f"<material-{document.id}-{number}>\nTitle: {document.title}\n" in found[0].messages[1].content
        assert f"<material-{document.id}-{number}" in found[number - 1].messages[-1].content


def test_one_document_makes_no_pack() -> None:
    assert asked(PLANT) == []


def test_evidence_must_touch_two_documents_and_leads_to_its_own_passages() -> None:
    request = asked(PLANT, PEOPLE, OTHER)[0]
    good = answered(request, "run by Maria Lopez", "studied engineering in Turin")
    assert good.fault is None
    assert [span.document_id for span in good.evidence] == [PLANT.id, PEOPLE.id]
    assert all(
        {PLANT.id: PLANT, PEOPLE.id: PEOPLE}[span.document_id].text[span.start : span.end] == span.quote
        for span in good.evidence
    )
    assert len(good.origin.passages) == 2
    assert good.origin.pack == (PLANT.id, PEOPLE.id, OTHER.id)
    assert answered(request, "run by Maria Lopez", "rye flour").fault == "one_document_is_enough"


def test_a_sample_counts_for_the_document_that_was_asked_about() -> None:
    for number, document in enumerate((PLANT, PEOPLE)):
        sample = answered(asked(PLANT, PEOPLE)[number], "studied engineering in Turin", "run by Maria Lopez")
        assert home_of(sample) == document.id


def test_all_documents_of_a_pack_decide_the_split_of_its_samples() -> None:
    sample = answered(asked(PLANT, PEOPLE, OTHER)[0], "run by Maria Lopez", "studied engineering in Turin")
    assert documents_of(sample) == tuple(sorted((PLANT.id, PEOPLE.id, OTHER.id)))


def test_a_pack_that_is_too_long_is_asked_about_with_half_of_the_others() -> None:
    [shorter] = recipe().shortened(asked(PLANT, PEOPLE, OTHER)[1])
    assert [passage.document.title for passage in shorter.passages] == ["People", "Plant"]
    assert f"<material-{PEOPLE.id}-1" in shorter.messages[-1].content
    assert list(recipe().shortened(shorter)) == []


@pytest.mark.parametrize(
    ("knows", "reason"),
    [
        ({"Plant", "People"}, ""),
        ({"People"}, "hop_not_needed"),
        ({"Plant", "People", "Other"}, "hops_not_enough"),
    ],
)
def test_each_document_is_left_out_in_turn(knows: set[str], reason: str) -> None:
    sample = answered(asked(PLANT, PEOPLE)[0], "run by Maria Lopez", "rye flour", "studied engineering")
    setup = FilterSetup(Options(), Sampling("m"))
    documents = {PLANT.id: PLANT, PEOPLE.id: PEOPLE}
    passages = tuple(part for part in parts(*documents.values()) if part.id in sample.origin.passages)
    shown: list[set[str]] = []

    async def ask(request: Request) -> Completion:
        titles = {passage.document.title for passage in request.passages}
        shown.append(titles)
        assert request.answer_schema is not None
        said = {"answer": "Turin" if knows <= titles else "unknown"}
        return reply(request, request.answer_schema.model_validate(said))

    local = tuple(replace(passage, context=None) for passage in passages)
    verdict = asyncio.run(Hops(setup).judge_with(sample, local, ask))
    assert verdict.reason == reason
    assert shown == [{"Plant", "People"}, {"People"}, {"Plant"}]
