"""The gateway to a model behind one or several OpenAI-compatible endpoints."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

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
from schemas.contracts import ProviderEntry
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
    endpoints = endpoints_of(settings, entry)
    card = card_of(settings, entry)
    check_price(settings, card)
    journal = Journal(replies, settings.llm.shared_cache, settings.llm.part_s)
    await journal.open()
    budget = shared_budget(replies, settings.budget, journal.spent())
    dialects = _dialects(settings.llm, entry)
    llm = settings.llm

    def asks(base_url: str, connection: Connection) -> Asker:
        return Asker(base_url, connection, dialects, llm.extra_body, card.price, llm.timeout_s)

    lanes = [lane_to(number, endpoint, llm, asks) for number, endpoint in enumerate(endpoints)]
    scheduler = Scheduler(lanes, journal, budget, outage_s=llm.outage_s, max_attempts=llm.max_attempts)
    if not llm.batch:
        return EndpointGateway(scheduler)
    from pipeline.llms.batches.client import BatchClient
    from pipeline.llms.batches.gateway import BatchGateway

    asker = lanes[0].asker
    client = BatchClient(asker.base_url, asker.connection, dialects, llm.extra_body)
    price = batch_price(settings, entry, card.price)
    return BatchGateway(scheduler, client, journal.own, price, llm.batch_requests)


def _dialects(llm: LLMSettings, entry: ProviderEntry) -> Dialects:
    fixed = llm.structured != "auto"
    best: Structured = entry.structured[0] if entry.structured else "prompt"
    start = Dialect(best if llm.structured == "auto" else llm.structured, entry.max_tokens_parameter)
    return Dialects(start, fixed=fixed, remembered=remembered())


def lane_to(
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
        requests=Allowance(llm.requests_per_minute, now),
        tokens=Allowance(llm.tokens_per_minute, now),
        breaker=Breaker(now),
    )
