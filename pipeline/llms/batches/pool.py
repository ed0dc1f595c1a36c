"""Requests of all who ask, gathered into batches; what comes back goes into the journal."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.llms.batches.client import ENDED, BatchClient
from pipeline.llms.batches.waiting import Limits, Waiting
from pipeline.llms.journal.store import ReplyStore
from pipeline.llms.scheduling.scheduler import Scheduler
from pipeline.llms.wire.connection import EndpointTrouble
from pipeline.llms.wire.exchange import BrokenBody, ErrorBody, Exchange, ForeignBody, exchange_from
from schemas.contracts import Price
from schemas.requests import Request

MOST_CHARACTERS = 20_000_000
_QUIET_S = 1.0  # a batch goes out when nobody has added to it for so long
_FIRST_POLL_S = 1.0
_LAST_POLL_S = 60.0
_NOT_FOUND = 404

_log = logging.getLogger("tunesmith.gateway")

Bodies = dict[str, bytes]  # of replies, by the key of their request; each is taken once
Answering = asyncio.Task[Bodies | None]  # None: the batch was not sent, or could not be looked at


@dataclass(slots=True, eq=False)
class _Gathering:
    """A batch that requests are still added to."""

    requests: dict[str, Request] = field(default_factory=dict)
    characters: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, key: str, request: Request) -> None:
        """Take in a request."""
        self.requests[key] = request
        self.characters += sum(len(message.content) for message in request.messages)


class BatchPool:
    """Has requests answered in batches, whoever asks. One that was sent is known again after a restart."""

    def __init__(
        self,
        scheduler: Scheduler,
        client: BatchClient,
        store: ReplyStore,
        price: Price,
        most_requests: int,
        limits: Limits,
    ) -> None:
        self._scheduler = scheduler
        self._client = client
        self._store = store
        self._price = price
        self._most_requests = most_requests
        self._limits = limits
        self._answered_ever = False
        self._gathering: tuple[_Gathering, Answering] | None = None
        self._answering: set[Answering] = set()
        self._by_batch: dict[str, Answering] = {}
        self._available = True
        self._stopped = asyncio.Event()

    async def fill(self, requests: Iterable[Request]) -> None:
        """Return once the journal holds what batches could answer of `requests`.

        Raises:
            EndpointError: the endpoint is away, or a batch takes too long.
            RunFolderError: replies cannot be kept.
        """
        missing = {request.id: request for request in requests if not self._scheduler.holds(request.id)}
        if not self._available or self._stopped.is_set():
            return
        waits = [(key, self._answer_to(key, request)) for key, request in missing.items()]
        found: list[Exchange] = []
        lost: list[str] = []
        for key, answering in waits:
            bodies = await asyncio.shield(answering)
            if bodies is None:
                continue
            body = bodies.pop(key, None)
            exchange = _exchange(missing[key], key, body, self._price) if body is not None else None
            found += [exchange] if exchange is not None else []
            lost += [key] if exchange is None else []
        await self._scheduler.record(found)
        if lost:
            self._store.forget_batched(lost)

    def stop(self) -> None:
        """Wait no longer. What was sent goes on at the endpoint."""
        self._stopped.set()

    async def close(self) -> None:
        """Let go of all that waits."""
        self.stop()
        for answering in self._answering:
            answering.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _answer_to(self, key: str, request: Request) -> Answering:
        """Return what waits for the batch that holds `request`: the one it was sent in, else the next."""
        batch = self._store.batch_of(key)
        if batch is None:
            return self._added(key, request)
        if batch not in self._by_batch:
            self._by_batch[batch] = self._begun(self._fetched(batch))
        return self._by_batch[batch]

    def _added(self, key: str, request: Request) -> Answering:
        if self._gathering is None:
            begun = _Gathering()
            self._gathering = begun, self._begun(self._sent(begun))
        gathering, answering = self._gathering
        gathering.add(key, request)
        if len(gathering.requests) >= self._most_requests or gathering.characters >= MOST_CHARACTERS:
            self._gathering = None
            gathering.full.set()
        return answering

    def _begun(self, work: Coroutine[Any, Any, Bodies | None]) -> Answering:
        answering = asyncio.create_task(work)
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        return answering

    async def _sent(self, gathering: _Gathering) -> Bodies | None:
        """Send a batch once it is full or nobody adds to it, and return what comes back."""
        size = 0
        while size < len(gathering.requests) and not gathering.full.is_set():
            size = len(gathering.requests)
            await self._waited(gathering.full, _QUIET_S)
        if self._gathering is not None and self._gathering[0] is gathering:
            self._gathering = None
        requests = gathering.requests
        if self._stopped.is_set() or not self._available or self._scheduler.budget_reached(len(requests)):
            return None
        try:
            batch = await self._posted(self._client.file_of(requests.values()))
        except EndpointTrouble as error:
            self._available = False
            _log.warning("no batch API here (%s); requests are sent one by one", error.trouble.detail)
            return None
        self._store.note_batch(batch, requests)
        self._by_batch[batch] = answering = self._begun(self._fetched(batch))
        return await answering

    async def _posted(self, content: bytes) -> str:
        """Return the id of a batch, once the endpoint has taken it: one that is busy is asked again."""
        waiting = self._waiting()
        while True:
            try:
                batch = await self._client.send(content)
            except EndpointTrouble as error:
                if self._stopped.is_set() or not error.trouble.transient or error.trouble.unsupported:
                    raise
                waiting.silent(error.trouble.detail)
                wait_s = error.trouble.retry_after_s or _FIRST_POLL_S
            else:
                self._answered_ever = True
                return batch
            await self._waited(self._stopped, wait_s)

    def _waiting(self) -> Waiting:
        return Waiting(self._client.base_url, self._limits, self._answered_ever)

    async def _fetched(self, batch: str) -> Bodies | None:
        """Return what a batch brings once it has ended; nothing where the endpoint knows no more of it.

        One that the endpoint will not show, as to a wrong key, is not forgotten.

        Raises:
            EndpointError: the endpoint is away for too long, or the batch takes too long.
        """
        waiting, wait_s = self._waiting(), _FIRST_POLL_S
        while not self._stopped.is_set():
            try:
                state = await self._client.status(batch)
                if state.get("status") in ENDED:
                    return dict(await self._client.replies(state))
                waiting.heard(batch)
                self._answered_ever = True
            except EndpointTrouble as error:
                if error.trouble.status == _NOT_FOUND:
                    _log.warning("batch %s is gone (%s); its requests are sent one by one", batch, error)
                    return {}
                if not error.trouble.transient:
                    return None
                waiting.silent(error.trouble.detail)
            await self._waited(self._stopped, wait_s)
            wait_s = min(_LAST_POLL_S, wait_s * 1.5)
        return None

    async def _waited(self, event: asyncio.Event, seconds: float) -> None:
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return


def _exchange(request: Request, key: str, body: bytes, price: Price) -> Exchange | None:
    """Return what a batch's line says, None where it cannot be read and must be asked for again."""
    try:
        return exchange_from(body, request, key, price)
    except (BrokenBody, ErrorBody, ForeignBody):
        return None
