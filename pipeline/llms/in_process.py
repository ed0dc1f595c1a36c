"""The gateway to an engine that answers in this very process: nothing to schedule, pay or keep."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping

from pipeline.llms.scheduling.accounts import Accounts
from pipeline.llms.scheduling.jobs import Handle
from pipeline.llms.stats import GatewayStats
from schemas.contracts import LLM
from schemas.requests import Completion, Failure, FailureReason, Request, Usage


class InProcessGateway:
    """Asks an engine one request after the other. Others on the event loop have their turn in between."""

    def __init__(self, engine: LLM) -> None:
        self._engine = engine
        self._accounts = Accounts()
        self._stopped = False

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid: nothing."""
        return {}

    async def complete(self, request: Request) -> Completion:
        """Return the engine's answer."""
        await asyncio.sleep(0)
        if self._stopped:
            return Failure(request.id, FailureReason.CANCELLED, "the run was stopped")
        completion = await self._engine.complete(request)
        self._accounts.ended(completion, time.monotonic())
        return completion

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns, until the gateway is stopped."""
        following: deque[Request] = deque()
        source = iter(requests)
        while True:
            request = following.popleft() if following else None if self._stopped else next(source, None)
            if request is None:
                return
            following.extend(handle(request, await self.complete(request)))

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display, on any thread."""
        accounts = self._accounts
        return GatewayStats(
            done=accounts.done,
            failed=accounts.failed,
            requests_per_s=accounts.per_second(time.monotonic()),
            limit=1,
        )

    def stop(self) -> None:
        """Answer no more."""
        self._stopped = True

    async def close(self) -> None:
        """Let go of the engine."""
        await self._engine.close()
