"""Builders of documents, samples and scripted judges for the tests of curation."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from pipeline.evidence import locate_all
from schemas.contracts import Ask, Filter, FilterSetup, ModelFilter
from schemas.documents import Block, BlockKind, Document, Passage, Source
from schemas.registry import filters
from schemas.requests import Completion, Message, Reply, Request, Sampling
from schemas.samples import Origin, Sample

PUMP = (
    "The P-100 pump moves 420 litres per minute at 6 bar. Maria Lopez approves every repair that costs more "
    "than $1,500. The warranty lasts 24 months from 3 March 2024. Do not run the pump without water."
)


def passage_of(text: str, title: str = "Pump handbook", headings: tuple[str, ...] = ()) -> Passage:
    """Return a passage that is the whole of a small document."""
    source = Source(f"{title}.txt", "text/plain", hashlib.sha256(text.encode()).hexdigest(), len(text), title)
    document = Document(source, text, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
    return Passage(document, 0, len(text), headings)


def sample_of(
    question: str,
    answer: str,
    passage: Passage,
    quotes: tuple[str, ...] = (),
    **changes: Any,
) -> Sample:
    """Return a question and answer made from `passage`; all of it is quoted where no quotes are given."""
    located = locate_all(quotes or (passage.text,), (passage,))
    sample = Sample(
        recipe="qa",
        kind="fact",
        messages=(Message("user", question), Message("assistant", answer)),
        origin=Origin("0" * 32, "scripted", (passage.id,)),
        evidence=located.evidence,
        unlocated=located.unlocated,
        language="en",
    )
    return replace(sample, **changes)


def replying(*completions: BaseModel | Completion) -> Ask:
    """Return a model that gives these replies in turn, the last one again and again."""
    given = itertools.chain(completions, itertools.repeat(completions[-1]))

    async def ask(request: Request) -> Completion:
        completion = next(given)
        if isinstance(completion, BaseModel):
            return Reply(request.id, completion.model_dump_json(), "scripted", completion)
        return completion

    return ask


def answering(answer: Callable[[Request], BaseModel]) -> Ask:
    """Return a model whose reply is computed from the request."""

    async def ask(request: Request) -> Completion:
        found = answer(request)
        return Reply(request.id, found.model_dump_json(), "scripted", found)

    return ask


def rule(name: str, **options: object) -> Filter:
    """Return a filter that decides by rule, as a run builds it."""
    entry = filters.get(name)
    built = entry.build(FilterSetup(entry.options.model_validate(options)))
    assert isinstance(built, Filter)
    return built


def judge(name: str, sampling: Sampling, **options: object) -> ModelFilter:
    """Return a filter that asks the model of `sampling`, as a run builds it."""
    entry = filters.get(name)
    built = entry.build(FilterSetup(entry.options.model_validate(options), sampling))
    assert isinstance(built, ModelFilter)
    return built
