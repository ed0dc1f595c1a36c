"""Asks a reward model for a number, and keeps what it rates high enough."""

from dataclasses import dataclass, replace
from functools import partial

from pydantic import Field

from pipeline.facts.source_view import views
from pipeline.judging.answers import first_fitting, said_in_part
from pipeline.judging.jury import JuryOptions, jury_verdict
from pipeline.judging.rewards import Rewards, reward_request, rewards_from, share_of
from schemas.contracts import Ask, FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.registry import filters
from schemas.requests import Failure, FailureReason, Sampling
from schemas.samples import Sample, Verdict
from schemas.settings import RewardRoute, RewardScale


class RewardOptions(JuryOptions):
    """How the model is asked, how its number is read, and what it must reach."""

    min_score: float = Field(default=0.6, ge=0, le=1, description="on the scale of scores")
    route: RewardRoute = "classify"
    scale: RewardScale = "logit"
    label: int | None = Field(default=None, ge=0, description="which of several numbers counts")


@dataclass(frozen=True, slots=True)
class _Rating:
    """A model's number, and where it lies in 0..1."""

    value: float
    score: float
    in_part: bool


class Reward:
    """Shows the source, the question and the answer. What comes back is a number, which changes no sample."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, RewardOptions)
        assert setup.sampling is not None
        self._options, self._sampling = setup.options, setup.sampling
        self._shape = rewards_from(setup.options.route, as_logits=setup.options.scale != "probability")

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return `reward_low`, or for a pair whose rejected answer is rated as high, `rejected_is_better`.

        A number that is none or is not the one that was asked for is `reward_unreadable`, one outside its
        scale `reward_out_of_scale`, and no reply `reward_failed`.
        """
        return await jury_verdict(self._options, self._sampling, partial(self._asked, sample, passages, ask))

    async def _asked(
        self, sample: Sample, passages: tuple[Passage, ...], ask: Ask, sampling: Sampling
    ) -> Verdict:
        rated = await self._rated(sample, passages, ask, sampling)
        if isinstance(rated, Verdict):
            return rated
        detail = f"{rated.value:.4g} from /{self._options.route}"
        reason = "reward_low" if rated.score < self._options.min_score else ""
        if not reason and sample.chosen is not None and sample.rejected is not None:
            worse = await self._rated(replace(sample, chosen=sample.rejected), passages, ask, sampling)
            if isinstance(worse, Verdict):
                return worse
            reason = "rejected_is_better" if worse.value >= rated.value else ""
            detail += f", the rejected answer {worse.value:.4g}"
        detail = said_in_part(detail, in_part=rated.in_part)
        return Verdict("reward", not reason, reason, rated.score, detail)

    async def _rated(
        self, sample: Sample, passages: tuple[Passage, ...], ask: Ask, sampling: Sampling
    ) -> _Rating | Verdict:
        shown = views(sample, passages)
        requests = (reward_request(sample, view, sampling, self._shape) for view in shown)
        fitting = await first_fitting(requests, ask)
        completion = fitting.completion
        if isinstance(completion, Failure):
            malformed = completion.reason is FailureReason.MALFORMED
            why = f"{completion.reason}: {completion.detail}" if completion.detail else completion.reason
            return _set_aside("unreadable" if malformed else "failed", why)
        said = completion.answer
        if not isinstance(said, Rewards):
            return _set_aside("unreadable", "it holds no numbers")
        return self._rating(said, in_part=fitting.in_part)

    def _rating(self, said: Rewards, *, in_part: bool) -> _Rating | Verdict:
        label, count = self._options.label, len(said.values)
        if said.problem:
            return _set_aside("unreadable", said.problem)
        if label is None and count != 1:
            return _set_aside("unreadable", f"{count} numbers where one was expected; set judge.label")
        if label is not None and label >= count:
            return _set_aside("unreadable", f"{count} numbers, and judge.label wants number {label} from 0")
        value = said.values[label or 0]
        score = share_of(value, self._options.scale)
        if score is None:
            return _set_aside(
                "out_of_scale", f"{value:.4g} is outside judge.scale={_shown(self._options.scale)}"
            )
        return _Rating(value, score, in_part)


def _shown(scale: RewardScale) -> str:
    return scale if isinstance(scale, str) else f"[{scale[0]:g}, {scale[1]:g}]"


def _set_aside(what: str, why: str) -> Verdict:
    return Verdict("reward", keep=False, reason=f"reward_{what}", detail=why)


filters.add(
    "reward",
    FilterEntry(
        Reward,
        "a reward model rates the answer beside its source",
        RewardOptions,
        needs_model=True,
        judges=True,
        kind="reward",
    ),
)
