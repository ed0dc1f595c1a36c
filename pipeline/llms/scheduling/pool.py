"""The lanes to one model: which is next, which is left out until it answers again."""

import asyncio
from collections.abc import Callable, Sequence

from pipeline.llms.scheduling.lane import Lane
from pipeline.llms.wire.connection import EndpointTrouble
from schemas.errors import EndpointError
from schemas.requests import Request

FIRST_CONTACT_S = 3.0
_TOLD_FROM_S = 5.0
_PROBE_TIMEOUT_S = 30.0


class LanePool:
    """Chooses lanes, and probes those that are down."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        outage_s: float,
        revived: Callable[[], None],
        lost: Callable[[EndpointError], None],
    ) -> None:
        self.lanes = lanes
        self.outage_s = outage_s
        self._revived = revived
        self._lost = lost
        self._probes: set[asyncio.Task[None]] = set()

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return sum(lane.concurrency.limit for lane in self.lanes if not lane.breaker.open)

    def paused(self, now: float) -> str:
        """Return why nothing can be sent, empty where something can."""
        if all(lane.breaker.open for lane in self.lanes):
            return f"{self.lanes[0].asker.base_url} does not answer; it is asked again until it does"
        if all(lane.breaker.open or lane.backoff.wait_s(now) for lane in self.lanes):
            return f"{self.lanes[0].asker.base_url} turns requests away; it is asked again when it says"
        used_up_s = min(lane.used_up_s(now) for lane in self.lanes)
        if used_up_s > _TOLD_FROM_S:
            return f"{self.lanes[0].asker.base_url} has used up its limit, for {used_up_s:.0f} s still"
        return ""

    def answered_since(self, moment: float) -> bool:
        """Whether any lane has answered anything after `moment`."""
        return any(lane.answered_at > moment for lane in self.lanes)

    def free(self, now: float, preferred: int | None) -> Lane | None:
        """Return the lane for the next request: the preferred one if it is free, else the least busy."""
        free = [lane for lane in self.lanes if lane.wait_s(now) <= 0]
        if preferred is not None and self.lanes[preferred] in free:
            return self.lanes[preferred]
        return min(free, key=lambda lane: lane.load, default=None)

    def wait_s(self, now: float) -> float:
        """Return when a lane is free by the clock alone, in seconds; infinity where an event must come."""
        return min(lane.wait_s(now) for lane in self.lanes)

    def probe(self, lane: Lane, like: Request) -> None:
        """Ask a lane that is down, for what `like` asks, until it answers or has been down for too long."""
        task = asyncio.create_task(self._probe(lane, like))
        self._probes.add(task)
        task.add_done_callback(self._probes.discard)

    def stop(self) -> None:
        """Probe no more."""
        for task in self._probes:
            task.cancel()

    async def close(self) -> None:
        """Close all connections."""
        self.stop()
        for lane in self.lanes:
            await lane.asker.connection.close()

    async def _probe(self, lane: Lane, like: Request) -> None:
        now = asyncio.get_running_loop().time
        while lane.breaker.open:
            await asyncio.sleep(lane.breaker.next_probe_s())
            try:
                await lane.asker.greet(like, _PROBE_TIMEOUT_S)
            except EndpointTrouble as error:
                if not error.trouble.alive:
                    self._check_outage(now(), error.trouble.detail)
                    continue
            lane.revived(now())
        self._revived()

    def _check_outage(self, now: float, detail: str) -> None:
        """Give up once every lane has been down for longer than the user wants to wait."""
        for lane in self.lanes:
            patience = self.outage_s if lane.breaker.answered_ever else FIRST_CONTACT_S
            if lane.breaker.down_s(now) <= min(patience, self.outage_s):
                return
        advice = "see that the server runs and that the base URL is right; the same command goes on from here"
        self._lost(EndpointError(self.lanes[0].asker.base_url, f"it does not answer ({detail})", advice))
