"""The gateway to a model behind one or several OpenAI-compatible endpoints."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipeline.llms.endpoints import batch_price, card_of, check_price, endpoints_of
from pipeline.llms.gateway import Gateway
from pipeline.llms.journal.journal import Journal
from pipeline.llms.scheduling.allowance import Allowance
from pipeline.llms.scheduling.breaker import Breaker
from pipeline.llms.scheduling.budget import shared_budget
from pipeline.llms.scheduling.concurrency import ConcurrencyLimit
from pipeline.llms.scheduling.jobs import Handle
from pipeline.llms.scheduling.lane import Asks, Lane
from pipeline.llms.scheduling.scheduler import Scheduler
from pipeline.llms.stats import GatewayStats
from pipeline.llms.wire.asking import Asker
from pipeline.llms.wire.body import Dialect, Structured
from pipeline.llms.wire.connection import Connection, connect
from pipeline.llms.wire.dialects import Dialects, remembered
from pipeline.places import Place
from schemas.contracts import Price, ProviderEntry
from schemas.requests import Completion, Request, Usage
from schemas.settings import Endpoint, LLMSettings, Settings


class EndpointGateway:
    """Sends requests over the network, and keeps every reply."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since the gateway opened, by recipe."""
        return self._scheduler.accounts.usage

    async def complete(self, request: Request) -> Completion:
        """Return the answer to one request, ahead of all that waits."""
        completions: list[Completion] = []

        def handle(_: Request, completion: Completion) -> Iterable[Request]:
            completions.append(completion)
            return ()

        await self._scheduler.run([request], handle, urgent=True)
        return completions[0]

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns."""
        await self._scheduler.run(requests, handle)

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display."""
        return self._scheduler.stats()

    def stop(self) -> None:
        """End within seconds."""
        self._scheduler.stop()

    async def close(self) -> None:
        """Let go of connections and files."""
        await self._scheduler.close()


async def open_endpoint_gateway(settings: Settings, entry: ProviderEntry, replies: Place) -> Gateway:
    """Return a gateway to the settings' model.

    Raises:
        SettingsError: nothing says where the model is served, or what it costs where that must be known.
        RunFolderError: the journal cannot be used.
    """
    llm = settings.llm
    dialects = _dialects(llm, entry)

    def asks(base_url: str, connection: Connection, price: Price) -> Asker:
        return Asker(base_url, connection, dialects, llm.extra_body, price, llm.timeout_s)

    line = await open_line(settings, entry, replies, asks)
    if not llm.batch:
        return EndpointGateway(line.scheduler)
    from pipeline.llms.batches.client import BatchClient
    from pipeline.llms.batches.gateway import BatchGateway
    from pipeline.llms.batches.pool import BatchPool
    from pipeline.llms.batches.waiting import Limits

    client = BatchClient(line.asker.base_url, line.asker.connection, dialects, llm.extra_body)
    price = batch_price(settings, entry, card_of(settings, entry).price)
    limits = Limits(llm.outage_s, llm.batch_s)
    pool = BatchPool(line.scheduler, client, line.journal.own, price, llm.batch_requests, limits)
    return BatchGateway(line.scheduler, pool, llm.batch_requests)


@dataclass(frozen=True, slots=True)
class Line:
    """A scheduler, the journal that it writes, and how the first of its endpoints is asked."""

    scheduler: Scheduler
    journal: Journal
    asker: Asks


async def open_line(
    settings: Settings,
    entry: ProviderEntry,
    replies: Place,
    asks: Callable[[str, Connection, Price], Asks],
    *,
    above_v1: bool = False,
) -> Line:
    """Return the line to the settings' model. `asks` says how an endpoint is asked over a connection.

    The connections lead to the base URL, or `above_v1` to what stands before its /v1.

    Raises:
        SettingsError: nothing says where the model is served, or what it costs where that must be known.
        RunFolderError: the journal cannot be used.
    """
    endpoints = endpoints_of(settings, entry)
    if above_v1:
        endpoints = tuple(
            each.model_copy(update={"base_url": each.base_url.rstrip("/").removesuffix("/v1")})
            for each in endpoints
        )
    card = card_of(settings, entry)
    check_price(settings, card)
    journal = Journal(replies, settings.llm.shared_cache, settings.llm.part_s)
    await journal.open()
    lanes = [
        _lane_to(number, endpoint, settings.llm, lambda url, connection: asks(url, connection, card.price))
        for number, endpoint in enumerate(endpoints)
    ]
    budget = shared_budget(replies, settings.budget, journal.spent())
    llm = settings.llm
    scheduler = Scheduler(lanes, journal, budget, outage_s=llm.outage_s, max_attempts=llm.max_attempts)
    return Line(scheduler, journal, lanes[0].asker)


def _dialects(llm: LLMSettings, entry: ProviderEntry) -> Dialects:
    fixed = llm.structured != "auto"
    best: Structured = entry.structured[0] if entry.structured else "prompt"
    start = Dialect(best if llm.structured == "auto" else llm.structured, entry.max_tokens_parameter)
    return Dialects(start, fixed=fixed, remembered=remembered())


def _lane_to(
    number: int, endpoint: Endpoint, llm: LLMSettings, asks: Callable[[str, Connection], Asks]
) -> Lane:
    """Return the lane to `endpoint`. `asks` says how it is asked over a connection."""
    now = asyncio.get_running_loop().time()
    most = endpoint.concurrency or llm.concurrency
    connection = connect(endpoint.base_url, endpoint.key_variable or "", most)
    return Lane(
        number=number,
        asker=asks(endpoint.base_url, connection),
        key_variable=endpoint.key_variable or "the key's environment variable",
        weight=endpoint.weight,
        concurrency=ConcurrencyLimit(most, adaptive=llm.adaptive),
        requests=Allowance(endpoint.requests_per_minute or llm.requests_per_minute, now),
        tokens=Allowance(endpoint.tokens_per_minute or llm.tokens_per_minute, now),
        breaker=Breaker(now),
    )
