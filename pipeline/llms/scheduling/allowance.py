"""Rates: what the settings allow per minute, and what an endpoint's headers say is left."""

from pipeline.llms.wire.headers import Headroom

_BURST_S = 2.0


class Allowance:
    """So many units per minute, spread evenly. One taker may run it into debt, which the next waits for."""

    def __init__(self, per_minute: int | None, now: float) -> None:
        self._per_s = per_minute / 60 if per_minute is not None else None
        self._most = max(1.0, (self._per_s or 0.0) * _BURST_S)
        self._level = self._most
        self._at = now
        self._closed_until = now

    def wait_s(self, now: float) -> float:
        """Return how long to wait before taking more, 0 where nothing forbids it."""
        closed = self.closed_s(now)
        if self._per_s is None:
            return closed
        self._level = min(self._most, self._level + (now - self._at) * self._per_s)
        self._at = now
        lacking = min(1.0, self._most) - self._level
        return max(closed, lacking / self._per_s)

    def closed_s(self, now: float) -> float:
        """Return for how long the endpoint's own limit forbids more, 0 where it does not."""
        return max(0.0, self._closed_until - now)

    def take(self, units: float) -> None:
        """Use up `units`."""
        self._level -= units

    def heard(self, left: Headroom | None, now: float) -> None:
        """Obey what an endpoint says is left of its own limit."""
        if left is not None and left.remaining < 1:
            self._closed_until = max(self._closed_until, now + left.reset_s)
