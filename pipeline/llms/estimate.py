"""What requests will take, before any is sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.expected import expected
from pipeline.llms.prefixes import Prefixes
from pipeline.tokens import TokenEstimate
from schemas.contracts import ModelCard
from schemas.requests import Completion, Message, Request, Usage, is_long

CardOf = Callable[[Request], ModelCard]


@dataclass(slots=True)
class Taken:
    """Usage that is scaled, and so no whole number yet."""

    prompt: float = 0.0
    cached: float = 0.0
    completion: float = 0.0
    usd: float = 0.0
    requests: float = 0.0

    def add(self, other: "Taken", times: float = 1.0) -> None:
        """Add `other` so many times."""
        self.prompt += other.prompt * times
        self.cached += other.cached * times
        self.completion += other.completion * times
        self.usd += other.usd * times
        self.requests += other.requests * times

    @property
    def usage(self) -> Usage:
        """The same in whole tokens and requests."""
        return Usage(
            round(self.prompt), round(self.cached), round(self.completion), self.usd, round(self.requests)
        )


@dataclass(frozen=True, slots=True)
class Estimated:
    """What one request is expected to take, and a reply of the kind that it is expected to bring."""

    taken: Taken
    completion: Completion


class Estimator:
    """Estimates requests one after the other: of a prompt that begins as an earlier one did, that is cached.

    `card_of` tells which model a request goes to.
    """

    def __init__(self, card_of: CardOf, tokens: TokenEstimate | None = None) -> None:
        self._card_of, self._tokens = card_of, tokens or TokenEstimate()
        self._prefixes = Prefixes(self._of_message)
        self._of_long_message = lru_cache(maxsize=8)(self._counted)  # a document is counted once

    def of(self, request: Request) -> Estimated:
        """Return what one request is expected to take, after all before it."""
        reply = expected(request, self._tokens)
        prompt = sum(map(self._of_message, request.messages))
        cached = min(self._prefixes.known(request), prompt)
        price = self._card_of(request).price
        usd = (prompt - cached) * price.prompt + cached * price.cached + reply.tokens * price.completion
        return Estimated(Taken(prompt, cached, reply.tokens, usd / 1e6, 1), reply.completion)

    def _of_message(self, message: Message) -> int:
        return self._of_long_message(message) if is_long(message) else self._counted(message)

    def _counted(self, message: Message) -> int:
        return self._tokens.count_messages((message,))


def estimate(requests: Iterable[Request], card: ModelCard, tokens: TokenEstimate | None = None) -> Usage:
    """Return the tokens and the cost of `requests`, without what follows from them."""
    estimator, total = Estimator(lambda _: card, tokens), Taken()
    for request in requests:
        total.add(estimator.of(request).taken)
    return total.usage
