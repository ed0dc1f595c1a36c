"""What a reward model is shown, what it says, and how its numbers become scores in 0..1."""

import math
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

from pydantic import ConfigDict

from pipeline import prompts
from schemas.answers import Answer
from schemas.documents import Passage
from schemas.requests import Message, Request, Sampling
from schemas.samples import Sample
from schemas.settings import RewardRoute, RewardScale

_TASK = "Answer from the material alone."


class Rewards(Answer):
    """The numbers that a model gave one sample, as they came; none where `problem` says why."""

    route: ClassVar[RewardRoute]
    raw: ClassVar[bool]
    values: list[float]
    problem: str = ""


@lru_cache
def rewards_from(asked: RewardRoute, *, as_logits: bool) -> type[Rewards]:
    """Return the shape of what `asked` answers. Its title sets requests to each route apart."""

    class Asked(Rewards):
        model_config = ConfigDict(title=f"{'raw' if as_logits else 'activated'} rewards from {asked}")
        route: ClassVar[RewardRoute] = asked
        raw: ClassVar[bool] = as_logits

    return Asked


def reward_request(
    sample: Sample, shown: tuple[Passage, ...], sampling: Sampling, shape: type[Rewards]
) -> Request:
    """Return the request that shows a model the source, the question and the answer as one chat.

    `shown` is what of the source the model is to see.
    """
    prompt = [turn for turn in sample.messages if turn.role in ("user", "assistant")]
    if sample.chosen is None:
        prompt.pop()
    first = prompts.material(shown, f"{_TASK}\n\n{sample.question}") if shown else sample.question
    turns = [Message(turn.role, turn.content, turn.images) for turn in prompt]
    opening = next((place for place, turn in enumerate(turns) if turn.role == "user"), None)
    if opening is None:
        turns.insert(0, Message("user", first))
    else:
        turns[opening] = replace(turns[opening], content=first)
    return Request("judge", (*turns, Message("assistant", sample.answer)), sampling, shape, shown)


def share_of(value: float, scale: RewardScale) -> float | None:
    """Return a model's number on the scale of scores, None where it lies outside its own.

    A `logit` becomes its logistic function, a `probability` stays, and of two bounds the lower is 0 and the
    upper 1.
    """
    if scale == "logit":
        return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
    low, high = (0.0, 1.0) if scale == "probability" else scale
    share = (value - low) / (high - low)
    return share if 0 <= share <= 1 else None
