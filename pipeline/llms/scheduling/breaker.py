"""Whether an endpoint answers at all."""

_TRIP = 5
_FIRST_PROBE_S = 1.0
_LAST_PROBE_S = 15.0
_GROWTH = 1.5


class Breaker:
    """Opens when requests fail in a row, with none answered between; a probe that is answered closes it."""

    def __init__(self, now: float) -> None:
        self.answered_ever = False
        self._in_a_row = 0
        self._failing_since = now
        self._open = False
        self._probe_s = _FIRST_PROBE_S

    @property
    def open(self) -> bool:
        """Whether the endpoint is left alone."""
        return self._open

    def answered(self) -> None:
        """Note a sign of life."""
        self.answered_ever = True
        self._open = False
        self._in_a_row = 0
        self._probe_s = _FIRST_PROBE_S

    def failed(self, now: float, *, silent: bool = False) -> bool:
        """Note a failure. Return whether it opened the breaker, so that probing must begin.

        One that was `silent` took as long as an answer may. The first opens the breaker of an endpoint that
        never said anything: a port that takes connections and is mute would be tried for half an hour.
        """
        if self._in_a_row == 0:
            self._failing_since = now
        self._in_a_row += 1
        enough = 1 if silent and not self.answered_ever else _TRIP
        opens = not self._open and self._in_a_row >= enough
        self._open = self._open or opens
        return opens

    def next_probe_s(self) -> float:
        """Return how long to wait before the next probe; each wait is longer, up to 15 seconds."""
        wait = self._probe_s
        self._probe_s = min(_LAST_PROBE_S, wait * _GROWTH)
        return wait

    def down_s(self, now: float) -> float:
        """Return for how long nothing has been answered, 0 while the breaker is closed."""
        return now - self._failing_since if self._open else 0.0
