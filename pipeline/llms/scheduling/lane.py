"""One endpoint at work: its connections, slots, rates and health."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.llms.scheduling.allowance import Allowance
from pipeline.llms.scheduling.backoff import Backoff
from pipeline.llms.scheduling.breaker import Breaker
from pipeline.llms.scheduling.concurrency import ConcurrencyLimit
from pipeline.llms.wire.asking import Answered
from pipeline.llms.wire.connection import Connection
from pipeline.llms.wire.headers import headroom
from pipeline.llms.wire.trouble import Trouble
from schemas.requests import FailureReason, Request

_TURNED_AWAY = (429, 498, 503, 529)


class Asks(Protocol):
    """Knows how one endpoint is asked for one kind of thing: chats, or vectors."""

    @property
    def base_url(self) -> str:
        """Where it is."""
        ...

    @property
    def connection(self) -> Connection:
        """The way there."""
        ...

    async def ask(self, turn: Request, key: str, tries: int) -> Answered:
        """Return the answer to `turn`, whose id is `key` and which was tried so often before.

        Raises:
            EndpointTrouble: there is none.
        """
        ...

    async def greet(self, like: Request, timeout_s: float) -> None:
        """Return once something short was answered of the kind of `like`.

        Raises:
            EndpointTrouble: it has not.
        """
        ...


@dataclass(slots=True, eq=False)
class Lane:
    """The way to one of the endpoints that serve a model. `number` is its place among them."""

    number: int
    asker: Asks
    key_variable: str
    weight: float
    concurrency: ConcurrencyLimit
    requests: Allowance
    tokens: Allowance
    breaker: Breaker
    backoff: Backoff = field(default_factory=Backoff)
    in_flight: int = 0
    answered_at: float = float("-inf")

    def wait_s(self, now: float) -> float:
        """Return how long until another request may go: 0 at once, infinity when something must end first."""
        if self.breaker.open or self.in_flight >= self.concurrency.limit:
            return float("inf")
        return max(self.requests.wait_s(now), self.tokens.wait_s(now), self.backoff.wait_s(now))

    def used_up_s(self, now: float) -> float:
        """Return for how long the endpoint's own limits are used up, as its headers say; 0 where none is."""
        return max(self.requests.closed_s(now), self.tokens.closed_s(now))

    @property
    def load(self) -> float:
        """How busy the lane is for its weight."""
        return (self.in_flight + 1) / self.weight

    def sent(self, tokens: int) -> None:
        """Note that a request of about so many tokens went out."""
        self.in_flight += 1
        self.requests.take(1)
        self.tokens.take(tokens)

    def answered(self, seconds: float, tokens: int, headers: Mapping[str, str], now: float) -> None:
        """Note an answer."""
        self.revived(now)
        self.backoff.answered()
        self.concurrency.answered(seconds, tokens)
        self.requests.heard(headroom(headers, "requests"), now)
        self.tokens.heard(headroom(headers, "tokens"), now)

    def revived(self, now: float) -> None:
        """Note that the endpoint answers."""
        self.answered_at = now
        self.breaker.answered()

    def failed(self, trouble: Trouble, sent_at: float, now: float) -> bool:
        """Note a failure. Return whether the endpoint must be probed from now on."""
        if trouble.status in _TURNED_AWAY:
            self.concurrency.overloaded(sent_at, now)
        if trouble.reason is FailureReason.RATE_LIMIT:
            self.backoff.turned_away(trouble.retry_after_s, sent_at, now)
        if trouble.alive:
            self.breaker.answered()
            return False
        return self.breaker.failed(now, silent=trouble.reason is FailureReason.TIMEOUT and not trouble.status)
