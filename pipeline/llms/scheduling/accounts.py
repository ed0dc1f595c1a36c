"""What a gateway has done and spent, by recipe."""

from collections import deque
from dataclasses import dataclass, field

from pipeline.llms.wire.exchange import Exchange
from schemas.requests import Completion, Reply, Usage

_RATE_OVER_S = 5.0


@dataclass(slots=True)
class Accounts:
    """Sums over a gateway's life. `usage` holds what was paid now, not what the journal gave."""

    done: int = 0
    failed: int = 0
    cached: int = 0
    sent: int = 0
    usage: dict[str, Usage] = field(default_factory=dict)
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=4096))

    def paid(self, exchange: Exchange) -> None:
        """Note what a reply took."""
        self.usage[exchange.recipe] = self.usage.get(exchange.recipe, Usage()) + exchange.usage

    def ended(self, completion: Completion, now: float) -> None:
        """Note how a request ended."""
        self.done += 1
        self.failed += not isinstance(completion, Reply)
        self.cached += completion.cached
        self._ends.append(now)

    def per_second(self, now: float) -> float:
        """Return how many requests ended per second, of late. Displays ask from threads of their own."""
        recent = [end for end in self._ends.copy() if end >= now - _RATE_OVER_S]
        return len(recent) / max(now - recent[0], 0.1) if recent else 0.0

    @property
    def total(self) -> Usage:
        """What was paid so far, over all recipes."""
        return sum(self.usage.values(), Usage())
