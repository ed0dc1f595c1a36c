"""How long an endpoint is left alone that turns requests away."""

_PATIENCE = 3
_FIRST_S = 0.5
_LAST_S = 20.0


class Backoff:
    """Closes a lane when requests are turned away in a row, with none answered between.

    It stays closed for as long as the endpoint asks, else for longer each time. A few that are turned away
    among others that are answered close nothing: they alone rest.
    """

    def __init__(self) -> None:
        self._in_a_row = 0
        self._since = self._until = float("-inf")
        self._next_s = _FIRST_S

    def wait_s(self, now: float) -> float:
        """Return for how long nothing may be sent, 0 where something may."""
        return max(0.0, self._until - now)

    def answered(self) -> None:
        """Note an answer."""
        self._in_a_row = 0
        self._next_s = _FIRST_S

    def turned_away(self, retry_after_s: float | None, sent_at: float, now: float) -> None:
        """Note a request that was turned away. Those sent before the lane closed last say nothing new."""
        if sent_at < self._since:
            return
        self._in_a_row += 1
        if self._in_a_row < _PATIENCE:
            return
        self._since, self._until = now, now + (self._next_s if retry_after_s is None else retry_after_s)
        self._next_s = min(_LAST_S, self._next_s * 2)
