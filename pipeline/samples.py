"""Samples from what a reply says: chat turns, evidence at its place, and where it all comes from."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from pipeline.evidence import locate_all
from pipeline.languages import language_of
from pipeline.scenarios import Scenario
from schemas.answers import QuestionAnswer, ReasonedAnswer
from schemas.documents import Passage
from schemas.requests import Message, Reply, Request
from schemas.samples import Evidence, Origin, Sample

MORE_THAN_ASKED = "more_than_asked"  # the fault of samples beyond those that a request asks for
M = TypeVar("M", bound=BaseModel)


def answer_of(reply: Reply, schema: type[M]) -> M:
    """Return a reply's answer, which the gateway has read into the request's `schema`."""
    if not isinstance(reply.answer, schema):
        raise TypeError(f"request {reply.request_id} asked for {schema.__name__}, not {type(reply.answer)}")
    return reply.answer


def question_and_answer(
    request: Request,
    reply: Reply,
    question: str,
    answer: str,
    quotes: Iterable[str],
    *,
    kind: str = "",
    reasoning: str | None = None,
    language: str | None = None,
    difficulty: str | None = None,
) -> Sample:
    """Return a sample of one question and its answer. Quotes that stand nowhere are kept as `unlocated`.

    `language` is None for that of the material.
    """
    located = locate_all(quotes, request.passages)
    return Sample(
        recipe=request.recipe,
        kind=kind,
        messages=(Message("user", question.strip()), Message("assistant", answer.strip())),
        origin=origin(request, reply),
        evidence=located.evidence,
        unlocated=located.unlocated,
        reasoning=reasoning,
        language=language or source_language(request),
        difficulty=difficulty,
    )


def planned_question(
    request: Request,
    reply: Reply,
    item: QuestionAnswer | ReasonedAnswer,
    scenarios: Sequence[Scenario],
    language: str | None,
) -> Sample:
    """Return a sample of an item that names the line of the plan it follows; its steps are its reasoning.

    Where it names no line, what it says is its own kind, and no difficulty is known.
    """
    label = item.kind.strip().upper()
    found = next((scenario for scenario in scenarios if scenario.label == label), None)
    return question_and_answer(
        request,
        reply,
        item.question,
        item.answer,
        item.evidence,
        kind=found.kind if found else item.kind,
        reasoning=_reasoning(item) if isinstance(item, ReasonedAnswer) else None,
        language=language,
        difficulty=found.difficulty if found else None,
    )


def hard_question(request: Request, reply: Reply, item: ReasonedAnswer, language: str | None) -> Sample:
    """Return a sample of a question over several passages, whose steps are the lines of its reasoning."""
    return question_and_answer(
        request,
        reply,
        item.question,
        item.answer,
        item.evidence,
        kind=item.kind,
        reasoning=_reasoning(item),
        language=language,
        difficulty="hard",
    )


def text_sample(
    request: Request, reply: Reply, text: str, *, kind: str = "", language: str | None = None
) -> Sample:
    """Return a sample that is one text, an assistant's turn alone, with its passages as evidence."""
    return Sample(
        recipe=request.recipe,
        kind=kind,
        messages=(Message("assistant", text.strip()),),
        origin=origin(request, reply),
        evidence=tuple(map(passage_evidence, request.passages)),
        language=language or source_language(request),
    )


def touches(evidence: Iterable[Evidence], passage: Passage) -> bool:
    """Return whether any quote stands in a passage, at least with a part of it."""
    return any(
        span.document_id == passage.document.id and span.start < passage.end and passage.start < span.end
        for span in evidence
    )


def passage_evidence(passage: Passage) -> Evidence:
    """Return all of a passage as evidence."""
    document = passage.document
    return Evidence(document.id, passage.start, passage.end, passage.text, document.page_at(passage.start))


def origin(request: Request, reply: Reply) -> Origin:
    """Return where samples from `reply` come from."""
    return Origin(
        reply.request_id, reply.model, tuple(passage.id for passage in request.passages), reply.repaired
    )


def source_language(request: Request) -> str | None:
    """Return the language of the first of a request's passages whose language is known, None if none is."""
    return next((language for passage in request.passages if (language := language_of(passage))), None)


def _reasoning(item: ReasonedAnswer) -> str:
    return "\n".join(step.strip() for step in item.steps)
