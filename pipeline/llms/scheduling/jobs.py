"""Requests on their way, and the sources that they come from."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.llms.reading.dialogue import Dialogue
from schemas.requests import Completion, Request

_CHARACTERS_PER_TOKEN = 4

Handle = Callable[[Request, Completion], Iterable[Request]]


@dataclass(slots=True, eq=False)
class Source:
    """One caller's requests, pulled one by one, and what it does with each answer."""

    requests: Iterator[Request]
    handle: Handle
    finished: asyncio.Future[None]
    open_jobs: int = 0
    exhausted: bool = False

    def settle(self) -> None:
        """Finish once everything that was pulled has ended and nothing more will come."""
        if self.exhausted and self.open_jobs == 0 and not self.finished.done():
            self.finished.set_result(None)

    def fail(self, error: BaseException) -> None:
        """Finish with an error, unless it has finished."""
        if not self.finished.done():
            self.finished.set_exception(error)


@dataclass(slots=True, eq=False)
class Job:
    """One request's way to its end.

    `attempts` counts tries of the present turn that failed; `failing_since` is when the first of them did.
    `looked_up` says that the journal does not hold the present turn.
    """

    request: Request
    source: Source
    dialogue: Dialogue = field(init=False)
    key: str = ""
    looked_up: bool = False
    attempts: int = 0
    failing_since: float = 0.0

    def __post_init__(self) -> None:
        self.dialogue = Dialogue(self.request)
        self.next_turn()

    @property
    def group(self) -> str | None:
        """The prefix group."""
        return self.request.prefix_group

    @property
    def tokens(self) -> int:
        """Roughly how many tokens the present turn takes, for rates per minute."""
        characters = sum(len(message.content) for message in self.dialogue.turn.messages)
        return characters // _CHARACTERS_PER_TOKEN

    def next_turn(self) -> None:
        """Make ready for what the dialogue wants to ask now."""
        dialogue = self.dialogue
        self.key = dialogue.id if dialogue.turn is self.request else dialogue.turn.id
        self.looked_up = False
        self.attempts = 0
        self.failing_since = 0.0
