"""A part of a run that another process makes: what it is told, what it does, and what it tells.

work/<partition>.json        the batches, the settings with their share of all limits
work/<partition>.done.json   the shards that were made, with their counts
work/owners, work/taken      who is at work, and on which shards
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version

from pydantic import ValidationError

from flows.signals import stopped_by_signals
from flows.stages.curate import judged_finished, judged_shard
from flows.stages.generate import candidates_shard
from flows.stages.job import Job
from flows.stages.make import make
from flows.stages.parse import Batch
from flows.stages.rounds import Unit, make_unit
from flows.stages.workshop import Workshop, open_workshop
from pipeline.llms.scheduling.budget import shared_budget
from pipeline.store import Place, Run, read_run
from pipeline.store.claims import Claims
from pipeline.store.whole_files import whole_file
from schemas.errors import PartitionFailed, RunFolderError
from schemas.manifest import Record
from schemas.requests import Usage
from schemas.settings import BudgetSettings, Settings

LOOK_EVERY_S = 1.0


class Order(Record):
    """What a partition is. `settings` hold its share of limits, `budget` what it may spend itself.

    `lacking` is how many samples each of its documents shall still give, None where that is not counted.
    """

    version: str
    settings: Settings
    round_: int
    batches: tuple[Batch, ...]
    budget: BudgetSettings
    lacking: dict[str, int] | None = None


class Done(Record):
    """What was made of a partition: its shards in the order of its batches, and counts for the display."""

    shards: tuple[str, ...]
    samples: int
    kept: int
    dropped: dict[str, int]
    ran_dry: str


def place(run: Run, name: str, record: Record) -> None:
    """Write what processes tell each other of a partition.

    Raises:
        RunFolderError: it cannot be written.
    """
    with whole_file(run.work / f"{name}.json") as aside:
        aside.write_text(record.model_dump_json(), encoding="utf-8")


def order_of(run: Run, name: str) -> Order:
    """Return what a partition is.

    Raises:
        PartitionFailed: this process has another version of the program, whose shards would not fit.
        RunFolderError: there is no such partition, or the folder is not the one that it was placed in.
    """
    order = Order.model_validate_json(_content(run.work / f"{name}.json"))
    if order.version != version("tunesmith"):
        problem = f"this worker has tunesmith {version('tunesmith')}, and the run {order.version}"
        raise PartitionFailed(name, f"{problem}; install the same on all machines")
    return order


def done_of(run: Run, name: str) -> Done:
    """Return what was made of a partition.

    Raises:
        RunFolderError: nothing was, here: the worker wrote into another folder.
    """
    return Done.model_validate_json(_content(run.work / f"{name}.done.json"))


@contextmanager
def joined(out: str, partition: str) -> Iterator[tuple[Job, Order]]:
    """Give the job of one partition of the run at `out`, which another process began and holds the lock of.

    Raises:
        RunFolderError: there is no such run, or no such partition of it.
        PartitionFailed: the versions differ.
    """
    run = read_run(out)
    try:
        order = order_of(run, partition)
    except ValidationError as error:
        raise RunFolderError(str(run.work), f"'{partition}' was written by another version") from error
    job = Job(order.settings.model_copy(update={"budget": order.budget}), run)
    with stopped_by_signals(job.stop):
        yield job, order


async def make_partition(job: Job, name: str, order: Order, claims: Claims) -> Done:
    """Make a partition's batches, each where no other process does, and tell what came of them.

    Raises:
        TunesmithError: as making does.
        Interrupted: the job was asked to stop; what is done stays.
    """
    unit = Unit(order.batches, order.round_)
    _budget = shared_budget(job.run.replies, order.budget, Usage())  # what others spend meanwhile is theirs
    async with open_workshop(job, order.round_, order.batches[0].recipe, order.lacking) as shop:
        shards = await make_unit(shop, unit, partial(_make_claimed, claims=claims))
        ran_dry = shop.gateway.stats().paused
    meter = job.meter
    done = Done(
        shards=tuple(shards),
        samples=meter.samples,
        kept=meter.kept,
        dropped=dict(meter.reasons),
        ran_dry=ran_dry,
    )
    await asyncio.to_thread(place, job.run, f"{name}.done", done)
    return done


async def _make_claimed(shop: Workshop, batch: Batch, round_: int, claims: Claims) -> str:
    """Make a batch once it is this process's own, or done by another."""
    name = candidates_shard(shop.job.settings, batch, round_)
    while not await asyncio.to_thread(claims.take, name):
        shop.job.stop.check()
        if await asyncio.to_thread(judged_finished, shop, judged_shard(name, shop.curation)):
            break
        await asyncio.sleep(LOOK_EVERY_S)
    return await make(shop, batch, round_)


def _content(path: Place) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); all workers must see one run folder under one name"
        raise RunFolderError(str(path), problem) from error
