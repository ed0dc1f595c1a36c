"""Who judges the samples."""

from math import isfinite
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from schemas.settings.addresses import BaseUrl
from schemas.settings.prices import PriceSettings
from schemas.strict import Section


class Juror(Section):
    """A further judge at an endpoint of its own. Its key is its provider's."""

    model: str = Field(description="provider/model")
    base_url: BaseUrl = Field(description="where it answers")

    @property
    def name(self) -> str:
        """The endpoint's own name of the model."""
        return self.model.partition("/")[2] or self.model


JudgeKind = Literal["chat", "reward"]
RewardRoute = Literal["score", "classify", "pooling"]


def _scale(value: object) -> object:
    if value in ("logit", "probability"):
        return value
    bounds = tuple(value) if isinstance(value, list | tuple) else ()
    numbers = [b for b in bounds if isinstance(b, int | float) and not isinstance(b, bool) and isfinite(b)]
    if len(bounds) != 2 or len(numbers) != 2 or numbers[0] >= numbers[1]:
        raise ValueError("must be logit, probability, or the least and the greatest number, as in [0, 4]")
    return numbers[0], numbers[1]


RewardScale = Annotated[Literal["logit", "probability"] | tuple[float, float], BeforeValidator(_scale)]


class JudgeSettings(Section):
    """The model that judges. It sees the source, and cannot change a sample."""

    enabled: bool = Field(default=True, description="judge, where there is a language model")
    kind: JudgeKind = Field(
        default="chat", description="chat: it checks each claim; reward: it gives a number, without words"
    )
    model: str | None = Field(default=None, description="provider/model; the generating model")
    base_url: BaseUrl | None = Field(default=None, description="its endpoint; the generating model's")
    price: PriceSettings | None = Field(default=None, description="its own; the preset's, else llm.price")
    min_score: float = Field(default=0.6, ge=0, le=1, description="samples judged lower are dropped")
    route: RewardRoute = Field(
        default="classify", description="where a reward model answers: /score, /classify or /pooling"
    )
    scale: RewardScale = Field(
        default="logit", description="what its numbers are: logit, probability, or [least, greatest]"
    )
    label: int | None = Field(
        default=None, ge=0, description="which of its numbers counts, from 0; there must be one alone"
    )
    jury: tuple[str | Juror, ...] = Field(
        default=(), description="further models behind the judge's endpoint, or {model, base_url}"
    )
    decide: Literal["majority", "minimum"] = Field(
        default="majority", description="how many of a jury must vote to keep: more than half, or all"
    )

    @property
    def elsewhere(self) -> tuple[Juror, ...]:
        """The jurors with endpoints of their own."""
        return tuple(juror for juror in self.jury if isinstance(juror, Juror))

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "chat" and self.price is not None and "completion" not in self.price.model_fields_set:
            raise ValueError(
                "price of a judge in words needs its completion too; without it a budget would not hold"
            )
        if self.kind == "reward" and self.model is None:
            raise ValueError(
                "kind reward needs a model of its own, as in model: vllm/Skywork/Skywork-Reward-V2"
            )
        return self

    @model_validator(mode="after")
    def _jurors_differ(self) -> Self:
        own = self.model.partition("/")[2] if self.model else ""
        named = [own, *(each.name if isinstance(each, Juror) else each for each in self.jury)]
        for juror in self.elsewhere:
            if named.count(juror.name) > 1:
                raise ValueError(f"names '{juror.name}' twice; requests are told apart by the model's name")
        return self
