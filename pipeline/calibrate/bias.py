"""Calls out a judge that cannot tell, that likes long answers, or that likes the first of two."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from statistics import fmean
from typing import TypeVar

from pipeline.calibrate.examples import Example
from pipeline.calibrate.faults import with_answer
from pipeline.calibrate.scores import model_score
from pipeline.curation import Curation
from pipeline.judging.answers import Unanswered
from pipeline.judging.pairwise import Preference, compare
from schemas.contracts import Ask
from schemas.samples import Judged

T = TypeVar("T")

_LEAST_TOLD_APART = 0.65
_MOST_GAIN_BY_LENGTH = 0.1
_MOST_BY_PLACE = 0.3
_MOST_UNJUDGED = 0.1
_MOST_ASKED = 40
_PADDING = " That is the answer to the question that was asked, put in full and in so many words." * 3


async def biases(
    good: Sequence[Example],
    bad: Sequence[Example],
    scores: tuple[Sequence[float], Sequence[float]],
    unjudged: float,
    curation: Curation,
    ask: Ask,
) -> tuple[str, ...]:
    """Return which of `cannot_tell`, `often_no_verdict`, `prefers_length` and `prefers_first` fit the judge.

    `scores` are those of the good and of the spoilt samples. A judge cannot tell when a good sample
    outscores a spoilt one in fewer than 65 of 100 pairs, ties counting half. `unjudged` is the share of
    samples on which it gave no verdict. A reward model compares nothing, and so cannot like a place.
    """
    asked = bad[:_MOST_ASKED]
    found = []
    if _told_apart(*scores) < _LEAST_TOLD_APART:
        found.append("cannot_tell")
    if unjudged > _MOST_UNJUDGED:
        found.append("often_no_verdict")
    gains = [
        gain for gain in await _all(_gain(example, curation, ask) for example in asked) if gain is not None
    ]
    if gains and fmean(gains) > _MOST_GAIN_BY_LENGTH:
        found.append("prefers_length")
    if curation.judges_in_words and await _decides_by_place(good, asked, curation, ask):
        found.append("prefers_first")
    return tuple(found)


async def _gain(example: Example, curation: Curation, ask: Ask) -> float | None:
    """Return by how much padding raises the score of a spoilt answer, None where a score is missing."""
    long = with_answer(example.sample, example.sample.answer + _PADDING)
    before = model_score(await curation.judge_with(Judged(example.sample), example.passages, ask))
    after = model_score(await curation.judge_with(Judged(long), example.passages, ask))
    return after - before if before is not None and after is not None else None


def _told_apart(good: Sequence[float], bad: Sequence[float]) -> float:
    """Return how often a good sample outscores a spoilt one: the area under the ROC curve."""
    pairs = [(one > other) + 0.5 * (one == other) for one in good for other in bad]
    return fmean(pairs) if pairs else 1.0


async def _decides_by_place(
    good: Sequence[Example], bad: Sequence[Example], curation: Curation, ask: Ask
) -> bool:
    better = {_asked(example): example.sample for example in good}
    found = await _all(
        compare(better[_asked(worse)], worse.sample, worse.passages, curation.judge_sampling, ask)
        for worse in bad
        if _asked(worse) in better
    )
    told = [preference for preference in found if not isinstance(preference, Unanswered)]
    by_place = [preference in (Preference.FIRST_PLACE, Preference.SECOND_PLACE) for preference in told]
    return bool(by_place) and fmean(by_place) > _MOST_BY_PLACE


async def _all(each: Iterable[Awaitable[T]]) -> list[T]:
    async def one(awaitable: Awaitable[T]) -> T:
        return await awaitable

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(awaitable)) for awaitable in each]
    return [task.result() for task in tasks]


def _asked(example: Example) -> tuple[str, ...]:
    """Return what a good and a spoilt answer have in common: the question and its passages."""
    return example.sample.question, *(passage.id for passage in example.passages)
