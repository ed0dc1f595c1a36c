"""The gateway in batch mode: batches fill the journal, then the ordinary way goes on from there."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.llms.batches.pool import MOST_CHARACTERS, BatchPool
from pipeline.llms.endpoint_gateway import EndpointGateway
from pipeline.llms.scheduling.jobs import Handle
from pipeline.llms.scheduling.scheduler import Scheduler
from pipeline.llms.stats import GatewayStats
from schemas.requests import Completion, Request, Usage

_CHUNKS_AT_ONCE = 4


class BatchGateway:
    """Sends what the journal lacks as batches. What a batch did not answer is sent one by one."""

    def __init__(self, scheduler: Scheduler, pool: BatchPool, most_requests: int) -> None:
        self._direct = EndpointGateway(scheduler)
        self._pool = pool
        self._most_requests = most_requests
        self._stopped = False

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since the gateway opened, by recipe."""
        return self._direct.usage

    async def complete(self, request: Request) -> Completion:
        """Return the answer to one request, which goes into a batch with others."""
        await self._pool.fill((request,))
        return await self._direct.complete(request)

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns, some batches' worth side by side."""
        source = iter(requests)
        following: deque[Request] = deque()
        working: set[asyncio.Task[None]] = set()

        def collect(request: Request, completion: Completion) -> Iterable[Request]:
            following.extend(handle(request, completion))
            return ()

        try:
            while True:
                while len(working) < _CHUNKS_AT_ONCE and (chunk := self._next(source, following)):
                    working.add(asyncio.create_task(self._answer(chunk, collect)))
                if not working:
                    return
                done, working = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display."""
        return self._direct.stats()

    def stop(self) -> None:
        """End within seconds. A batch that was sent goes on at the endpoint, and is found again."""
        self._stopped = True
        self._pool.stop()
        self._direct.stop()

    async def close(self) -> None:
        """Let go of connections and files."""
        await self._pool.close()
        await self._direct.close()

    def _next(self, source: Iterator[Request], following: deque[Request]) -> list[Request]:
        """Return the requests that are to be answered next, none once the gateway is stopped."""
        if self._stopped:
            return []
        return _chunk(_taken(following), self._most_requests) or _chunk(source, self._most_requests)

    async def _answer(self, chunk: Sequence[Request], handle: Handle) -> None:
        await self._pool.fill(chunk)
        await self._direct.run(chunk, handle)


def _chunk(requests: Iterator[Request], most: int) -> list[Request]:
    """Return the next requests that fit into one batch, and into memory beside the others."""
    chunk: list[Request] = []
    characters = 0
    while len(chunk) < most and characters < MOST_CHARACTERS:
        request = next(requests, None)
        if request is None:
            break
        chunk.append(request)
        characters += sum(len(message.content) for message in request.messages)
    return chunk


def _taken(following: deque[Request]) -> Iterator[Request]:
    """Yield what waits, taking it away."""
    while following:
        yield following.popleft()
