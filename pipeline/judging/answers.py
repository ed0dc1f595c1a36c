"""Asks a judge for an answer of a given shape, and once more where it cannot be read."""

from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel

from schemas.contracts import Ask
from schemas.requests import Failure, FailureReason, Request

_UNREADABLE = (FailureReason.MALFORMED, FailureReason.TRUNCATED)

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer. `what` is `unreadable` where both replies were, `failed` without any."""

    what: str
    detail: str = ""


async def answered(request: Request, shape: type[A], ask: Ask) -> A | Unanswered:
    """Return the answer to `request`; one that cannot be read is asked for again, with another seed."""
    seed = request.sampling.seed or 0
    for sampling in (request.sampling, replace(request.sampling, seed=seed + 1)):
        completion = await ask(replace(request, sampling=sampling))
        if isinstance(completion, Failure):
            if completion.reason not in _UNREADABLE:
                return Unanswered("failed", str(completion.reason))
        elif isinstance(completion.answer, shape):
            return completion.answer
    return Unanswered("unreadable")
