"""Calls out a judge that cannot tell, that likes long answers, or that likes the first of two."""

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from pipeline.calibrate.faults import with_answer
from pipeline.judging.pairwise import Preference, compare
from schemas.contracts import Ask
from schemas.samples import Judged

if TYPE_CHECKING:
    from pipeline.calibrate.calibration import Example
    from pipeline.curation import Curation

_LEAST_TOLD_APART = 0.65
_MOST_GAIN_BY_LENGTH = 0.1
_MOST_BY_PLACE = 0.3
_MOST_ASKED = 40
_PADDING = " That is the answer to the question that was asked, put in full and in so many words." * 3


async def biases(
    good: "Sequence[Example]",
    bad: "Sequence[Example]",
    scores: tuple[Sequence[float], Sequence[float]],
    curation: "Curation",
    ask: Ask,
) -> tuple[str, ...]:
    """Return which of `cannot_tell`, `prefers_length` and `prefers_first` the judge shows.

    `scores` are those of the good and of the spoilt samples. A judge cannot tell when a good sample
    outscores a spoilt one in fewer than 65 of 100 pairs, ties counting half.
    """
    asked = bad[:_MOST_ASKED]
    found = []
    if _told_apart(*scores) < _LEAST_TOLD_APART:
        found.append("cannot_tell")
    gains = []
    for example in asked:
        long = with_answer(example.sample, example.sample.answer + _PADDING)
        before = await curation.judge_with(Judged(example.sample), example.passages, ask)
        after = await curation.judge_with(Judged(long), example.passages, ask)
        gains.append(after.score - before.score)
    if gains and fmean(gains) > _MOST_GAIN_BY_LENGTH:
        found.append("prefers_length")
    if await _decides_by_place(good, asked, curation, ask):
        found.append("prefers_first")
    return tuple(found)


def _told_apart(good: Sequence[float], bad: Sequence[float]) -> float:
    """Return how often a good sample outscores a spoilt one: the area under the ROC curve."""
    pairs = [(one > other) + 0.5 * (one == other) for one in good for other in bad]
    return fmean(pairs) if pairs else 1.0


async def _decides_by_place(
    good: "Sequence[Example]", bad: "Sequence[Example]", curation: "Curation", ask: Ask
) -> bool:
    better = {_asked(example): example.sample for example in good}
    found = [
        await compare(better[_asked(worse)], worse.sample, worse.passages, curation.judge_sampling, ask)
        for worse in bad
        if _asked(worse) in better
    ]
    by_place = [preference in (Preference.FIRST_PLACE, Preference.SECOND_PLACE) for preference in found]
    return bool(by_place) and fmean(by_place) > _MOST_BY_PLACE


def _asked(example: "Example") -> tuple[str, ...]:
    """Return what a good and a spoilt answer have in common: the question and its passages."""
    return example.sample.question, *(passage.id for passage in example.passages)
