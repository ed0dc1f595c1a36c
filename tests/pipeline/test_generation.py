"""Generation through a gateway that answers from a script, or says that a request is too long."""

import asyncio
from collections.abc import Callable, Iterable

from pipeline.coverage import covered_by
from pipeline.generation import Generation, Handle
from pipeline.harvest import Generated
from pipeline.mix import build_recipes
from pipeline.tokens import TokenEstimate
from schemas.documents import Document
from schemas.ledger import End
from schemas.requests import Completion, Failure, FailureReason, Request
from schemas.settings import PassageSettings, Settings, load_settings
from tests.pipeline.written import reply, written

FLOW = "The pump P-7 moves 420 litres of water a minute, day and night, in the hall of the North works."
CARE = "Its inlet filter must be changed every 200 hours, unless the water of that week was soft."
DOCUMENT = written("# Pump", FLOW, "## Care", CARE)
LONG = written(*(f"{FLOW[:-1]} number {number}." for number in range(30)))
Answer = Callable[[Request], object]


class Scripted:
    """Answers all but the first `too_long` requests, and remembers what it was asked."""

    def __init__(
        self, answer: Answer, too_long: int = 0, fits: Callable[[Request], bool] | None = None
    ) -> None:
        self._answer, self._too_long, self._fits = answer, too_long, fits
        self.asked: list[Request] = []

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        waiting = list(requests)
        while waiting:
            request = waiting.pop(0)
            self.asked.append(request)
            waiting.extend(handle(request, self._completion(request)))

    def _completion(self, request: Request) -> Completion:
        refused = len(self.asked) <= self._too_long or (self._fits is not None and not self._fits(request))
        if refused:
            return Failure(request.id, FailureReason.CONTEXT_TOO_LONG)
        assert request.answer_schema is not None
        return reply(request, request.answer_schema.model_validate(self._answer(request)))


def pairs(request: Request) -> object:
    text = request.passages[0].text
    return {"items": [{"question": "How much?", "answer": "Some.", "evidence": [text[:40]]}]}


def unanswerables(request: Request) -> object:
    if "Does the material answer" in request.messages[-1].content:
        return {"verdict": "not_answered", "quote": ""}
    item = {"question": "How long is the North works?", "answer": "Nobody knows.", "kind": "near_miss"}
    return {"items": [item | {"evidence": [FLOW]}]}


def built_generation(settings: Settings, round_: int = 0) -> Generation:
    recipes = build_recipes(settings, language_model=True, round_=round_)
    return Generation(settings, recipes, 100_000, TokenEstimate())


def made(gateway: Scripted, *documents: Document, **settings: object) -> Generated:
    chosen = load_settings({"model": "scripted/m", **settings})
    generation = built_generation(chosen)
    requests = [*generation.requests(documents), *generation.corpus_requests(lambda: documents)]
    return asyncio.run(generation.run(requests, gateway))


def letters_asked_about(found: Generated, recipe: str) -> set[int]:
    spans = (
        id_.partition(":")[2].split("-")
        for s in found.samples
        if s.recipe == recipe
        for id_ in s.origin.passages
    )
    return {
        place
        for start, end in spans
        for place in range(int(start), int(end))
        if not LONG.text[place].isspace()
    }


def test_every_request_ends_in_the_ledger_in_the_order_of_asking() -> None:
    gateway = Scripted(pairs)
    found = made(gateway, DOCUMENT, LONG, recipes=["qa"], context="chunk")
    assert [outcome.item for outcome in found.outcomes] == [request.id for request in gateway.asked]
    assert {outcome.end for outcome in found.outcomes} == {End.KEPT}
    assert len(found.samples) == len(gateway.asked)


def test_a_whole_document_that_is_too_long_is_asked_about_in_its_parts() -> None:
    gateway = Scripted(pairs, too_long=1)
    found = made(gateway, DOCUMENT, recipes=["qa"], context="whole")
    first, second = gateway.asked
    assert first.passages[0].context is not None
    assert second.passages[0].context is None
    assert [(o.end, o.reason) for o in found.outcomes] == [(End.DROPPED, "asked_in_parts"), (End.KEPT, "")]


def test_halves_of_a_passage_cover_it_and_stay_on_its_side_of_the_examination() -> None:
    recipes = ["qa", {"quiz": {"share": 0.5}}]

    def answer(request: Request) -> object:
        text = request.passages[0].text
        item = {"question": "How much?", "answer": "Some.", "evidence": [text[:40]]}
        examined = item | {"kind": "short_answer", "distractors": []}
        return {"items": [examined if request.recipe == "quiz" else item]}

    small = {"max_tokens": 120}
    whole = made(Scripted(answer), LONG, recipes=recipes, passages=small, context="chunk")
    fits = Scripted(answer, fits=lambda request: request.passages[0].tokens < 80)
    halved = made(fits, LONG, recipes=recipes, passages=small, context="chunk")
    for recipe in ("qa", "quiz"):
        assert letters_asked_about(halved, recipe) == letters_asked_about(whole, recipe) != set()
    assert len(halved.samples) > len(whole.samples)
    assert {outcome.reason for outcome in halved.outcomes} == {"", "asked_in_parts"}


def test_a_check_against_the_corpus_that_is_too_long_is_made_against_the_nearest_passages() -> None:
    gateway = Scripted(unanswerables, fits=lambda request: len(request.passages) < 3)
    others = [written(f"{FLOW} {number}", title=str(number)) for number in range(5)]
    found = made(gateway, *others, recipes=[{"unanswerable": {"checked_passages": 5}}])
    assert len(found.samples) == 5
    assert {sample.fault for sample in found.samples} == {None}
    checks = [request for request in gateway.asked if len(request.passages) > 1]
    assert {len(request.passages) for request in checks} == {5, 2}


def test_what_cannot_be_cut_fails_with_its_reason() -> None:
    found = made(Scripted(pairs, too_long=99), written(FLOW), recipes=["qa"], context="chunk")
    assert [(o.end, o.reason) for o in found.outcomes] == [(End.FAILED, "context_too_long")]
    linked = [written(f"The Petrel {what}.", title=what) for what in ("sails to Skaro", "was built in Ulm")]
    hops = made(Scripted(pairs, too_long=99), *linked, recipes=["multi_hop"])
    assert {(o.end, o.reason) for o in hops.outcomes} == {(End.FAILED, "context_too_long")}


def test_a_second_round_asks_about_what_gave_no_accepted_sample() -> None:
    chosen = load_settings({"model": "scripted/m", "recipes": ["qa", {"quiz": {"share": 0.5}}]})
    settings = chosen.model_copy(update={"passages": PassageSettings(max_tokens=120)})
    first = built_generation(settings)
    gateway = Scripted(pairs)
    qa = [request for request in first.requests([LONG]) if request.recipe == "qa"]
    accepted = asyncio.run(first.run(qa, gateway)).samples
    second = built_generation(settings, round_=1)
    aimed = list(second.requests([LONG], covered_by(accepted)))
    touched = [span for sample in accepted for span in sample.evidence]
    again = [request.passages[0] for request in aimed if request.recipe == "qa"]
    before = [request.passages[0] for request in qa]
    assert again
    for part in again:
        assert not any(span.start < part.end and part.start < span.end for span in touched)
        assert any(passage.start <= part.start and part.end <= passage.end for passage in before)
    assert {request.id for request in aimed}.isdisjoint(request.id for request in gateway.asked)
