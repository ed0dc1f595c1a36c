"""The gateway in batch mode: batches fill the journal, then the ordinary way goes on from there."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.llms.batches.client import ENDED, BatchClient, content_key
from pipeline.llms.endpoint_gateway import EndpointGateway
from pipeline.llms.journal.store import ReplyStore
from pipeline.llms.scheduling.jobs import Handle
from pipeline.llms.scheduling.scheduler import Scheduler
from pipeline.llms.stats import GatewayStats
from pipeline.llms.wire.connection import EndpointTrouble
from pipeline.llms.wire.exchange import BrokenBody, Exchange, ForeignBody, exchange_from
from schemas.contracts import Price
from schemas.requests import Completion, Request, Usage

_BATCHES_AT_ONCE = 4
_MOST_CHARACTERS = 20_000_000
_FIRST_POLL_S = 1.0
_LAST_POLL_S = 60.0

_log = logging.getLogger("tunesmith.gateway")


class BatchGateway:
    """Sends what the journal lacks as batches. What a batch did not answer is sent one by one."""

    def __init__(
        self, scheduler: Scheduler, client: BatchClient, store: ReplyStore, price: Price, most_requests: int
    ) -> None:
        self._direct = EndpointGateway(scheduler)
        self._scheduler = scheduler
        self._client = client
        self._store = store
        self._price = price
        self._most_requests = most_requests
        self._available = True
        self._stopped = asyncio.Event()

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since the gateway opened, by recipe."""
        return self._direct.usage

    async def complete(self, request: Request) -> Completion:
        """Return the answer to one request, which does not wait for a batch."""
        return await self._direct.complete(request)

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns, a few batches side by side."""
        source = iter(requests)
        following: deque[Request] = deque()
        working: set[asyncio.Task[None]] = set()

        def collect(request: Request, completion: Completion) -> Iterable[Request]:
            following.extend(handle(request, completion))
            return ()

        try:
            while True:
                while len(working) < _BATCHES_AT_ONCE and (chunk := self._next(source, following)):
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
        self._stopped.set()
        self._direct.stop()

    async def close(self) -> None:
        """Let go of connections and files."""
        await self._direct.close()

    def _next(self, source: Iterator[Request], following: deque[Request]) -> list[Request]:
        """Return the requests of the next batch, none once the gateway is stopped.

        Batches of the source and of what followed are never mixed: the source's are cut at the same places
        in a restarted run, which so finds them again.
        """
        if self._stopped.is_set():
            return []
        if len(following) >= self._most_requests:
            return _chunk(_taken(following), self._most_requests)
        return _chunk(source, self._most_requests) or _chunk(_taken(following), self._most_requests)

    async def _answer(self, chunk: Sequence[Request], handle: Handle) -> None:
        await self._fill_journal(chunk)
        await self._direct.run(chunk, handle)

    async def _fill_journal(self, chunk: Sequence[Request]) -> None:
        missing = {request.id: request for request in chunk if not self._scheduler.holds(request.id)}
        if not missing or not self._available or self._scheduler.budget_reached(len(missing)):
            return
        key = content_key(missing.values())
        try:
            replies = await self._answered(key, tuple(missing.values()))
        except EndpointTrouble as error:
            self._available = False
            _log.warning("no batch API here (%s); requests are sent one by one", error.trouble.detail)
            return
        exchanges = [
            _exchange(missing[at], at, body, self._price) for at, body in replies.items() if at in missing
        ]
        await self._scheduler.record(exchange for exchange in exchanges if exchange is not None)
        if replies:
            self._store.note_batch(key, None)

    async def _answered(self, key: str, requests: Sequence[Request]) -> Mapping[str, bytes]:
        """Return the replies of the batch for `requests`: one that was sent before, else a new one."""
        batch = self._store.batch_of(key)
        if batch is None:
            batch = await self._client.send(self._client.file_of(requests))
            self._store.note_batch(key, batch)
        wait_s = _FIRST_POLL_S
        state = await self._client.status(batch)
        while state.get("status") not in ENDED:
            try:
                await asyncio.wait_for(self._stopped.wait(), wait_s)
            except TimeoutError:
                wait_s = min(_LAST_POLL_S, wait_s * 1.5)
                state = await self._status(batch, state)
                continue
            return {}
        replies = await self._client.replies(state)
        if not replies:  # it failed as a whole: nothing will come of asking for it again
            self._store.note_batch(key, None)
        return replies

    async def _status(self, batch: str, before: Mapping[str, object]) -> Mapping[str, object]:
        """Return how a batch stands, as it stood before where the endpoint does not answer just now."""
        try:
            return await self._client.status(batch)
        except EndpointTrouble as error:
            if not error.trouble.transient:
                raise
            return before


def _chunk(requests: Iterator[Request], most: int) -> list[Request]:
    """Return the next requests that fit into one batch, and into memory beside the others."""
    chunk: list[Request] = []
    characters = 0
    while len(chunk) < most and characters < _MOST_CHARACTERS:
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


def _exchange(request: Request, key: str, body: bytes, price: Price) -> Exchange | None:
    """Return what a batch's line says, None where it cannot be read and must be asked for again."""
    try:
        return exchange_from(body, request, key, price)
    except (BrokenBody, ForeignBody):
        return None
