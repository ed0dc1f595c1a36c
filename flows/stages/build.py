"""The whole job: batches are made and judged while sources are still being read."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from flows.stages.asking import Asking
from flows.stages.export import Exported, export
from flows.stages.foreseeing import foresee
from flows.stages.generate import CORPUS, kind_of
from flows.stages.job import Job
from flows.stages.make import make
from flows.stages.packing import pack_batches
from flows.stages.parse import Batch, parse
from flows.stages.rounds import Begun, Unit, first, make_round, make_unit, one_batch, one_by_one
from flows.stages.workshop import Workshop, open_workshop, prepare


class Steps(Protocol):
    """The steps of a build, as plain functions or as Prefect's tasks around them."""

    def parse(self, job: Job) -> Iterator[Batch]:
        """Yield batches of documents as they are stored."""
        ...

    def full(self, together: Sequence[Batch]) -> bool:
        """Whether so many batches are a unit of work."""
        ...

    async def make(self, shop: Workshop, unit: Unit) -> list[str]:
        """Return the shards of judged samples made from a unit's batches, in their order."""
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

    def full(self, together: Sequence[Batch]) -> bool:
        """Whether so many batches are a unit of work: each is one."""
        return one_batch(together)

    async def make(self, shop: Workshop, unit: Unit) -> list[str]:
        """Return the shards of judged samples made from a unit's batches, in their order."""
        return await make_unit(shop, unit, make)

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
        raise first(error) from error


async def make_all(job: Job, steps: Steps) -> list[str]:
    """Return the shards of judged samples of all rounds: one, or as many as the numbers wanted take."""
    batches: list[Batch] = []
    reading = _read_ahead(job, steps)  # the first documents are read while the way to the model opens
    async with open_workshop(job) as shop, asyncio.TaskGroup() as beside:
        job.meter.stage = "reading and making"
        all_read, begun = asyncio.Event(), list[Begun]()
        source = _remembered(reading, batches, all_read)
        making = beside.create_task(make_round(shop, steps.make, source, 0, steps.full, begun))
        await all_read.wait()
        beside.create_task(asyncio.to_thread(foresee, job, [*batches]))
        asking = Asking(shop, steps.make, steps.full, batches, beside)
        await asking.begin(begun)
        shards = await making
        everything = await _together(job, batches)
        batches += everything
        now = [batch for batch in everything if shop.generation.asks(kind_of(batch))]
        shards += await make_round(shop, steps.make, one_by_one(now), 0, steps.full)
        return shards + await asking.rounds(shards)


async def _together(job: Job, batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches of what is asked about several documents: all of them, and packs."""
    generation, _ = prepare(job.settings)
    ids = tuple(id_ for batch in batches for id_ in batch.document_ids)
    found = [Batch(CORPUS, ids)] if generation.asks("corpus") else []
    return found + (await pack_batches(job, generation, ids) if generation.asks("pack") else [])


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


async def _remembered(
    batches: AsyncIterator[Batch], memory: list[Batch], all_read: asyncio.Event
) -> AsyncIterator[Batch]:
    async for batch in batches:
        memory.append(batch)
        yield batch
    all_read.set()
