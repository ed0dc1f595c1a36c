"""What requests were expected to take, beside what they took."""

from collections.abc import Iterable, Mapping

from pipeline.llms.estimate import Estimates
from pipeline.llms.gateway import Gateway, Handle
from pipeline.llms.stats import GatewayStats
from schemas.requests import Completion, Reply, Request, Usage


class Expecting:
    """A gateway that has each request estimated which the journal did not answer."""

    def __init__(self, gateway: Gateway, asked: Estimates) -> None:
        self._gateway, self._asked = gateway, asked

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since the gateway opened, by recipe."""
        return self._gateway.usage

    async def complete(self, request: Request) -> Completion:
        """Return the answer to one request, ahead of all that waits."""
        completion = await self._gateway.complete(request)
        self._note(request, completion)
        return completion

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns."""

        def noted(request: Request, completion: Completion) -> Iterable[Request]:
            self._note(request, completion)
            return handle(request, completion)

        await self._gateway.run(requests, noted)

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display."""
        return self._gateway.stats()

    def stop(self) -> None:
        """End within seconds."""
        self._gateway.stop()

    async def close(self) -> None:
        """Let go of connections and files."""
        await self._gateway.close()

    def _note(self, request: Request, completion: Completion) -> None:
        if isinstance(completion, Reply) and not completion.cached:
            self._asked.add(request)
