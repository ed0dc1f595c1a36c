"""How many requests an endpoint takes at once, found while working."""

_MOST_AT_START = 256
_CUT = 0.7
_LATENCY_HOLDS = 2.5
_SMOOTHING = 0.05


class ConcurrencyLimit:
    """A limit that an overload cuts, once per round trip, and that answers raise again.

    It starts at the most that is allowed. After a cut it closes half of the gap to the old limit per round,
    then grows by one per round (the shape of TCP's CUBIC), and holds while answers take much longer per
    token than they did at best. Cuts with no answer between are one overload, from one old limit.
    """

    def __init__(self, most: int, *, adaptive: bool) -> None:
        self._most = most
        self._adaptive = adaptive
        self._limit = float(min(most, _MOST_AT_START) if adaptive else most)
        self._goal = self._limit
        self._cut_at = float("-inf")
        self._answered = True
        self._best_pace = float("inf")
        self._pace = 0.0

    @property
    def limit(self) -> int:
        """The number of requests that may be in flight now, at least one."""
        return max(1, int(self._limit))

    def answered(self, seconds: float, tokens: int) -> None:
        """Note an answer and how long it took for how many tokens, read and written."""
        self._answered = True
        pace = seconds / max(tokens, 1)
        self._pace += _SMOOTHING * (pace - self._pace) if self._pace else pace
        self._best_pace = min(self._best_pace * 1.001, self._pace)
        if self._limit < self._most and self._pace <= _LATENCY_HOLDS * self._best_pace:
            gap = max(0.0, self._goal - self._limit) / 2
            self._limit = min(float(self._most), self._limit + max(1.0, gap) / self._limit)

    def overloaded(self, sent_at: float, now: float) -> None:
        """Note that a request was turned away. Those sent before the last cut say nothing new."""
        if not self._adaptive or sent_at < self._cut_at:
            return
        if self._answered:
            self._goal = self._limit
        self._limit = max(1.0, self._limit * _CUT)
        self._cut_at, self._answered = now, False
