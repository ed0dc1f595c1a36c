"""One round over the documents: units of batches, so many at work at once as keep the endpoint busy."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from flows.logs import event
from flows.stages.job import Job
from flows.stages.parse import Batch
from flows.stages.workshop import Workshop


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """Batches that are made as one piece of work. Whoever makes them sets `taken` when the next may come."""

    batches: tuple[Batch, ...]
    round_: int = 0
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def documents(self) -> int:
        """How many documents it has."""
        return sum(len(batch.document_ids) for batch in self.batches)


Make = Callable[[Workshop, Batch, int], Awaitable[str]]
MakeUnit = Callable[[Workshop, Unit], Awaitable[list[str]]]
Full = Callable[[Sequence[Batch]], bool]
Making = asyncio.Task[list[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """Batches that are being made together."""

    batches: tuple[Batch, ...]
    task: Making


def one_batch(_: Sequence[Batch]) -> bool:
    """Whether a unit is full: with its first batch."""
    return True


async def make_round(
    shop: Workshop,
    make: MakeUnit,
    batches: AsyncIterator[Batch],
    round_: int,
    full: Full = one_batch,
    begun: list[Begun] | None = None,
) -> list[str]:
    """Make all batches, units of them side by side, and return their shards in the batches' order.

    `begun` takes each unit as it is begun.
    """
    begun = [] if begun is None else begun
    async with asyncio.TaskGroup() as group:
        async for together in gathered(batches, full):
            unit = Unit(together, round_)
            shop.job.meter.batches += len(together)
            begun.append(Begun(together, group.create_task(ended(make(shop, unit), unit, shop.job))))
            await unit.taken.wait()
    return [shard for each in begun for shard in each.task.result()]


async def make_unit(shop: Workshop, unit: Unit, make: Make) -> list[str]:
    """Make a unit's batches here, as the workshop has room for them, and return their shards in order."""

    async def made(batch: Batch) -> str:
        try:
            return await make(shop, batch, unit.round_)
        finally:
            shop.job.meter.batches_done += 1
            _tell(shop.job, batch, unit.round_)
            shop.room.leave(len(batch.document_ids))

    tasks: list[asyncio.Task[str]] = []
    try:
        async with asyncio.TaskGroup() as group:
            for batch in unit.batches:
                await shop.room.enter(len(batch.document_ids))
                tasks.append(group.create_task(made(batch)))
            unit.taken.set()
    except BaseExceptionGroup as error:
        raise first(error) from error
    return [task.result() for task in tasks]


async def one_by_one(batches: Sequence[Batch]) -> AsyncIterator[Batch]:
    """Yield batches that are all there already."""
    for batch in batches:
        yield batch


def first(error: BaseException) -> BaseException:
    """Return the first thing that went wrong inside nested groups; the others follow from it."""
    return first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def gathered(batches: AsyncIterator[Batch], full: Full) -> AsyncIterator[tuple[Batch, ...]]:
    """Yield batches together, as many as make a unit."""
    together: list[Batch] = []
    async for batch in batches:
        together.append(batch)
        if full(together):
            yield tuple(together)
            together = []
    if together:
        yield tuple(together)


async def ended(making: Awaitable[list[str]], unit: Unit, job: Job) -> list[str]:
    """Return the shards of a unit that is being made; where that fails, everything stops."""
    try:
        return await making
    except BaseException:
        job.stop.wish()  # before the others are cancelled: nothing shall take the place of what they asked
        raise
    finally:
        unit.taken.set()


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
