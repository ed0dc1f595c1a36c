"""Requests that remember what they follow from, and what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from schemas.documents import Passage
from schemas.requests import Request
from schemas.samples import Sample

R = TypeVar("R", bound=Request)


@dataclass(frozen=True, slots=True)
class FollowUp(Request):
    """A request that decides about `drafts`: samples that an earlier reply gave.

    A rerun meets it again by itself, because the earlier reply comes out of the journal.
    """

    drafts: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked(Request):
    """A request about several passages. `links` says by what they belong together."""

    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed(Request):
    """A request about several whole documents, and above all about that with the `number`, from 0.

    `parts` are the passages that they are cut into.
    """

    parts: tuple[Passage, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Contender(FollowUp):
    """One of several requests for an answer to the question `contest`, to be judged and chosen from.

    Those of a contest come together, from one reply; its name is that reply's own affair.
    """

    contest: str = ""


def about(request: Request, drafts: Sequence[Sample]) -> FollowUp:
    """Return `request` as one that decides about `drafts`."""
    return extended(request, FollowUp, drafts=tuple(drafts))


def extended(request: Request, kind: type[R], **more: Any) -> R:
    """Return `request` as a `kind` of request that carries `more`, of which its id takes no notice."""
    return kind(**{item.name: getattr(request, item.name) for item in fields(Request)}, **more)
