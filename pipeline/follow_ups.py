"""Requests that follow from a reply, and remember what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from schemas.requests import Request
from schemas.samples import Sample


@dataclass(frozen=True, slots=True)
class FollowUp(Request):
    """A request that decides about `drafts`: samples that an earlier reply gave.

    A rerun meets it again by itself, because the earlier reply comes out of the journal.
    """

    drafts: tuple[Sample, ...] = ()


def about(request: Request, drafts: Sequence[Sample]) -> FollowUp:
    """Return `request` as one that decides about `drafts`."""
    values = {item.name: getattr(request, item.name) for item in fields(Request)}
    return FollowUp(**values, drafts=tuple(drafts))
