"""Asks a judge for an answer of a given shape: with less of the source where all is too long, and once more
where the answer cannot be read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from schemas.contracts import Ask
from schemas.requests import Completion, Failure, FailureReason, Request

IN_PART = "shown in part, since the source is too long for the model"
_UNREADABLE = (FailureReason.MALFORMED, FailureReason.TRUNCATED)

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fitting:
    """What came of the first request that was not too long; `in_part`, that it was not the first of all."""

    request: Request
    completion: Completion
    in_part: bool


@dataclass(frozen=True, slots=True)
class Answered(Generic[A]):
    """An answer, and whether its giver was shown the source in part."""

    answer: A
    in_part: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer. `what` is `unreadable` where both replies were, `failed` without any."""

    what: str
    detail: str = ""


async def first_fitting(requests: Iterable[Request], ask: Ask) -> Fitting:
    """Return what is said to the first of `requests` that is not too long, or to the last of them."""
    found: Fitting | None = None
    for request in requests:
        found = Fitting(request, await ask(request), in_part=found is not None)
        if not is_too_long(found.completion):
            break
    assert found is not None
    return found


async def answered(requests: Iterable[Request], shape: type[A], ask: Ask) -> Answered[A] | Unanswered:
    """Return the answer to the first of `requests` that is not too long.

    One that cannot be read is asked for again, with another seed.
    """
    fitting = await first_fitting(requests, ask)
    completion, sampling = fitting.completion, fitting.request.sampling
    for again in (True, False):
        if isinstance(completion, Failure):
            if completion.reason not in _UNREADABLE:
                return Unanswered("failed", str(completion.reason))
        elif isinstance(completion.answer, shape):
            return Answered(completion.answer, fitting.in_part)
        if again:
            seed = (sampling.seed or 0) + 1
            completion = await ask(replace(fitting.request, sampling=replace(sampling, seed=seed)))
    return Unanswered("unreadable")


def is_too_long(completion: Completion) -> bool:
    """Whether a model could not take a request."""
    return isinstance(completion, Failure) and completion.reason is FailureReason.CONTEXT_TOO_LONG


def said_in_part(detail: str, *, in_part: bool) -> str:
    """Return a verdict's detail, which says so where the source was shown in part."""
    return "; ".join(part for part in (detail, IN_PART if in_part else "") if part)
