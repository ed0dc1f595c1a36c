"""Several judges of one sample: their votes, and how far they agree."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Literal

from pydantic import Field

from pipeline.judging.answers import IN_PART
from schemas.contracts import Options
from schemas.requests import Sampling
from schemas.samples import Axis, Verdict


class JuryOptions(Options):
    """Who judges beside the judge, and how the votes are counted. Alone, the judge decides."""

    jury: tuple[str, ...] = Field(default=(), description="further models behind the judge's endpoint")
    decide: Literal["majority", "minimum"] = Field(
        default="majority", description="a majority must vote to keep, or, with `minimum`, everyone"
    )


@dataclass(frozen=True, slots=True)
class _Vote:
    """What one model said. A verdict without a score is an abstention: the model gave no usable reply."""

    model: str
    verdict: Verdict

    @property
    def text(self) -> str:
        score = "" if self.verdict.score is None else f" {self.verdict.score:.2f}"
        part = f" ({IN_PART})" if IN_PART in self.verdict.detail else ""
        return f"{self.model}: {self.verdict.reason or 'kept'}{score}{part}"


async def jury_verdict(
    options: JuryOptions, sampling: Sampling, judged_by: Callable[[Sampling], Awaitable[Verdict]]
) -> Verdict:
    """Return the judge's verdict, or what it and the further models come to.

    An abstention is neither for nor against: where it could turn the decision, its reason sets the sample
    aside. A majority's score is the median, that of `minimum` the least. The axis `agreement` is the share
    of the jury that voted as was decided.
    """
    if not options.jury:
        return await judged_by(sampling)
    models = tuple(dict.fromkeys((sampling.model, *options.jury)))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_asked(judged_by, sampling, model)) for model in models]
    return _decided([_Vote(*each) for each in zip(models, (t.result() for t in tasks), strict=True)], options)


async def _asked(
    judged_by: Callable[[Sampling], Awaitable[Verdict]], sampling: Sampling, model: str
) -> Verdict:
    return await judged_by(replace(sampling, model=model))


def _decided(votes: Sequence[_Vote], options: JuryOptions) -> Verdict:
    verdicts = [vote.verdict for vote in votes]
    cast = [verdict for verdict in verdicts if verdict.score is not None]
    against = [verdict for verdict in cast if not verdict.keep]
    bearable = 0 if options.decide == "minimum" else (len(votes) - 1) // 2
    keep = len(cast) - len(against) >= len(votes) - bearable
    detail = "; ".join(vote.text for vote in votes)
    if not keep and len(against) <= bearable:
        abstained = next(verdict for verdict in verdicts if verdict.score is None)
        return replace(abstained, detail=detail)
    worst = min(against, key=_score, default=verdicts[0])
    score = (min if options.decide == "minimum" else median)([_score(verdict) for verdict in cast])
    agreement = sum(verdict.keep == keep for verdict in cast) / len(votes)
    axes = (*_mean_axes(cast), Axis("agreement", agreement))
    return Verdict(worst.filter, keep, "" if keep else worst.reason, score, detail, axes)


def _score(verdict: Verdict) -> float:
    return verdict.score or 0.0


def _mean_axes(verdicts: Sequence[Verdict]) -> tuple[Axis, ...]:
    scores = [{axis.name: axis.score for axis in verdict.axes} for verdict in verdicts]
    names = [axis.name for axis in verdicts[0].axes]
    return tuple(Axis(name, fmean(each[name] for each in scores if name in each)) for name in names)
