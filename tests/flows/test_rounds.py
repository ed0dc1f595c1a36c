"""Batches in units: how many tasks a run has, and in which order its shards come."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from flows.stages.job import Job
from flows.stages.parse import Batch
from flows.stages.rounds import Unit, make_round, make_unit
from flows.stages.workshop import Workshop, open_workshop
from flows.tasks import MOST_MAKE_TASKS, TaskSteps, batches_of_task
from pipeline.store import open_run
from schemas.settings import load_settings


def test_a_run_of_any_size_has_fewer_than_two_hundred_tasks() -> None:
    covered = sum(batches_of_task(number) for number in range(MOST_MAKE_TASKS))
    assert covered > 30_000  # of 128 documents each
    steps, whole = TaskSteps(), [Batch("shard", ("document",))]
    assert steps.full(whole)
    assert not steps.full([])
    assert batches_of_task(MOST_MAKE_TASKS) > 10**12


def test_shards_come_in_the_order_of_their_batches_whatever_is_done_first(tmp_path: Path) -> None:
    batches = [Batch(f"{number}", ("a", "b")) for number in range(30)]
    made, shards = asyncio.run(_made(batches, tmp_path))
    assert shards == [batch.shard for batch in batches]
    assert made != shards


async def _made(batches: list[Batch], folder: Path) -> tuple[list[str], list[str]]:
    made: list[str] = []

    async def make(shop: Workshop, batch: Batch, round_: int) -> str:
        await asyncio.sleep(0.01 if int(batch.shard) % 2 else 0.001)
        made.append(batch.shard)
        return batch.shard

    async def unit(shop: Workshop, unit: Unit) -> list[str]:
        return await make_unit(shop, unit, make)

    async def arriving() -> AsyncIterator[Batch]:
        for batch in batches:
            yield batch

    with open_run(folder / "run") as run:
        async with open_workshop(Job(load_settings({}), run)) as shop:
            shards = await make_round(shop, unit, arriving(), 0, lambda together: len(together) == 4)
    return made, shards
