"""A filter: a sample and what it was made from in, a verdict out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from schemas.contracts.options import Options
from schemas.documents import Passage
from schemas.languages import Spoken
from schemas.requests import Completion, Request, Sampling
from schemas.samples import Sample, Verdict
from schemas.settings import JudgeKind

Ask = Callable[[Request], Awaitable[Completion]]


@dataclass(frozen=True, slots=True)
class FilterSetup:
    """What a filter is built with. `sampling` names the model that a filter may ask, None without one.

    `spoken` are the languages of the run, `spoken_by` those of recipes that have their own, by label.
    """

    options: Options
    sampling: Sampling | None = None
    seed: int = 0
    spoken: Spoken = field(default_factory=Spoken)
    spoken_by: Mapping[str, Spoken] = field(default_factory=dict)


@runtime_checkable
class Filter(Protocol):
    """Keeps or drops one sample by rule. It never changes what it is given."""

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return the verdict on `sample`, which was made from `passages`."""
        ...


@runtime_checkable
class ModelFilter(Protocol):
    """Keeps or drops one sample with a model's help."""

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return the verdict on `sample`. `ask` is the only way to the model."""
        ...


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """How to build a filter. One that `judges` asks the judge, if it is of its `kind`, any other the model
    that generates."""

    build: Callable[[FilterSetup], Filter | ModelFilter]
    summary: str
    options: type[Options] = Options
    needs_model: bool = False
    judges: bool = False
    kind: JudgeKind = "chat"
