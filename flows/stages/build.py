"""The whole job: batches are made and judged while sources are still being read."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from flows.logs import event
from flows.stages.export import Exported, count_accepted, export
from flows.stages.generate import CORPUS
from flows.stages.job import Job
from flows.stages.make import make
from flows.stages.parse import Batch, parse
from flows.stages.workshop import Workshop, open_workshop

# While one batch is judged, others are made: no slot of the endpoint waits for a batch's last sample. So many
# batches are begun at once, or as many as have this many documents for each request that may be in flight.
BATCHES_AT_ONCE = 4
DOCUMENTS_PER_SLOT = 2
MAX_ROUNDS = 64
# More is asked than the target lacks, because some of it will be dropped as known already.
SPARE = 1.25

Make = Callable[[Workshop, Batch, int], Awaitable[str]]


class Steps(Protocol):
    """The steps of a build, as plain functions or as Prefect's tasks around them."""

    def parse(self, job: Job) -> Iterator[Batch]:
        """Yield batches of documents as they are stored."""
        ...

    async def make(self, shop: Workshop, batch: Batch, round_: int) -> str:
        """Return the shard of judged samples made from a batch."""
        ...

    async def export(self, job: Job, shards: list[str]) -> Exported:
        """Write the dataset."""
        ...


@dataclass(frozen=True, slots=True)
class PlainSteps:
    """The steps without orchestration."""

    def parse(self, job: Job) -> Iterator[Batch]:
        """Yield batches of documents as they are stored."""
        return parse(job)

    async def make(self, shop: Workshop, batch: Batch, round_: int) -> str:
        """Return the shard of judged samples made from a batch."""
        return await make(shop, batch, round_)

    async def export(self, job: Job, shards: list[str]) -> Exported:
        """Write the dataset."""
        return await asyncio.to_thread(export, job, shards)


async def build(job: Job, steps: Steps) -> Exported:
    """Make a dataset from the job's sources, going on from whatever is there.

    Raises:
        TunesmithError: with its one line for the user.
        Interrupted: the job was asked to stop.
    """
    try:
        shards = await make_all(job, steps)
        job.meter.stage = "writing"
        return await steps.export(job, shards)
    except BaseException as error:
        job.stop.wish()  # whatever ended the run, the reading thread ends with it
        raise _first(error) from error


async def make_all(job: Job, steps: Steps) -> list[str]:
    """Return the shards of judged samples of all rounds: one, or as many as the target takes."""
    batches: list[Batch] = []
    reading = _read_ahead(job, steps)  # the first documents are read while the way to the model opens
    async with open_workshop(job) as shop:
        job.meter.stage = "reading and making"
        shards = await make_round(shop, steps.make, _remembered(reading, batches), 0)
        if shop.generation.needs_corpus:
            batches.append(Batch(CORPUS, tuple(id_ for batch in batches for id_ in batch.document_ids)))
            shards.append(await steps.make(shop, batches[-1], 0))
    return shards + await ask_again(job, steps, batches, shards)


async def ask_again(job: Job, steps: Steps, batches: list[Batch], shards: list[str]) -> list[str]:
    """Return the shards of further rounds, as many as the target takes. The meter says why no more are asked.

    A round goes over the batches in their order, so many at once as should be enough by what they gave until
    now, so that little is paid for and then left out. The round that adds nothing is the last.
    """
    target = job.settings.target
    if target is None:
        return []
    further: list[str] = []
    accepted = await asyncio.to_thread(count_accepted, job, shards)
    for round_ in range(1, MAX_ROUNDS):
        left, before = list(batches), accepted
        job.meter.stage = f"asking again, round {round_ + 1}"
        async with open_workshop(job, round_) as shop:
            while left and accepted < target:
                share = accepted / len(shards + further) if accepted else 0.0
                enough = math.ceil(SPARE * (target - accepted) / share) if share else len(left)
                now, left = left[:enough], left[enough:]
                further += await make_round(shop, steps.make, one_by_one(now), round_)
                accepted = await asyncio.to_thread(count_accepted, job, shards + further)
            job.meter.ran_dry = shop.gateway.stats().paused
        if accepted >= target or job.meter.ran_dry:
            return further
        if accepted == before:
            job.meter.ran_dry = "another round over all documents brought nothing new"
            return further
    job.meter.ran_dry = f"{MAX_ROUNDS} rounds were not enough"
    return further


async def make_round(shop: Workshop, make: Make, batches: AsyncIterator[Batch], round_: int) -> list[str]:
    """Make all batches, some side by side, and return their shards in the batches' order."""
    room = _Room(DOCUMENTS_PER_SLOT * shop.job.settings.llm.concurrency)
    tasks: list[asyncio.Task[str]] = []

    async def made(batch: Batch) -> str:
        try:
            return await make(shop, batch, round_)
        finally:
            shop.job.meter.batches_done += 1
            _tell(shop.job, batch, round_)
            room.leave(len(batch.document_ids))

    async with asyncio.TaskGroup() as group:
        async for batch in batches:
            shop.job.meter.batches += 1
            await room.enter(len(batch.document_ids))
            tasks.append(group.create_task(made(batch)))
    return [task.result() for task in tasks]


def _read_ahead(job: Job, steps: Steps) -> AsyncIterator[Batch]:
    """Have a thread read from now on, and return the batches that it stores."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Batch | None] = asyncio.Queue()

    def read() -> None:
        try:
            for batch in steps.parse(job):
                loop.call_soon_threadsafe(queue.put_nowait, batch)
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)

    return _taken(queue, asyncio.create_task(asyncio.to_thread(read)))


async def _taken(queue: asyncio.Queue[Batch | None], reading: asyncio.Task[None]) -> AsyncIterator[Batch]:
    """Yield what a thread put into `queue`, and raise what ended it."""
    while (batch := await queue.get()) is not None:
        yield batch
    await reading


async def _remembered(batches: AsyncIterator[Batch], memory: list[Batch]) -> AsyncIterator[Batch]:
    async for batch in batches:
        memory.append(batch)
        yield batch


class _Room:
    """Holds some batches, or some documents, whichever is more."""

    def __init__(self, documents: int) -> None:
        self._most_documents = documents
        self._batches = self._documents = 0
        self._left = asyncio.Event()

    async def enter(self, documents: int) -> None:
        """Wait until there is room for a batch of so many documents, and take it."""
        while self._batches >= BATCHES_AT_ONCE and self._documents + documents > self._most_documents:
            self._left.clear()
            await self._left.wait()
        self._batches += 1
        self._documents += documents

    def leave(self, documents: int) -> None:
        """Make room again."""
        self._batches -= 1
        self._documents -= documents
        self._left.set()


def _tell(job: Job, batch: Batch, round_: int) -> None:
    meter = job.meter
    event(
        "batch done",
        documents=len(batch.document_ids),
        round=round_,
        batches=f"{meter.batches_done}/{meter.batches}",
        samples=meter.samples,
        kept=meter.kept,
        dropped=dict(meter.reasons),
    )


async def one_by_one(batches: list[Batch]) -> AsyncIterator[Batch]:
    """Yield batches that are all there already."""
    for batch in batches:
        yield batch


def _first(error: BaseException) -> BaseException:
    """Return the first thing that went wrong inside nested groups; the others follow from it."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
