"""The engine that answers requests by rule."""

import asyncio
from collections.abc import Iterable

from pipeline.llms.extractive.choosing import best_facts
from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.facts.finding import facts_in
from schemas.answers import Answer, QuestionAnswer, QuestionAnswers, ReasonedAnswer, ReasonedAnswers
from schemas.errors import NeedsModel
from schemas.requests import Completion, Reply, Request

MODEL = "extractive"


class Extractive:
    """Fills the two answer schemas that rules can fill, from the passages of a request.

    The same request always gets the same reply. It may hold fewer items than asked for, or none: a fact that
    makes an awkward question is left out.
    """

    async def complete(self, request: Request) -> Completion:
        """Return a reply with at most `request.count` items.

        Raises:
            NeedsModel: the request asks for something else than questions with answers.
        """
        if request.answer_schema not in (QuestionAnswers, ReasonedAnswers):
            raise NeedsModel(request.recipe)
        answer = await asyncio.to_thread(_answer, request)
        return Reply(request.id, answer.model_dump_json(), MODEL, answer)

    async def close(self) -> None:
        """Nothing is held open."""


def _answer(request: Request) -> Answer:
    reasoned = request.answer_schema is ReasonedAnswers
    found = [fact for passage in request.passages for fact in facts_in(passage)]
    chosen = best_facts((fact for fact in found if bool(fact.steps) is reasoned), request.count)
    return _reasoned_answers(chosen) if reasoned else _question_answers(chosen)


def _question_answers(facts: Iterable[Fact]) -> QuestionAnswers:
    return QuestionAnswers(
        items=[
            QuestionAnswer(
                question=fact.question, answer=fact.answer, evidence=list(fact.evidence), kind=fact.kind
            )
            for fact in facts
        ]
    )


def _reasoned_answers(facts: Iterable[Fact]) -> ReasonedAnswers:
    return ReasonedAnswers(
        items=[
            ReasonedAnswer(
                question=fact.question,
                steps=list(fact.steps),
                answer=fact.answer,
                evidence=list(fact.evidence),
                kind=fact.kind,
            )
            for fact in facts
        ]
    )
