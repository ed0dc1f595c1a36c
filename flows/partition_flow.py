"""One partition of a run, as a flow that any worker may make: `flows.partitioned` starts it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.cancelling import stopped_by_server
from flows.endings import ended_state, stopped_state
from flows.limits import shared_room
from flows.stages.job import Job
from flows.stages.partition import joined, make_partition
from flows.telemetry import telemetry_of
from pipeline.store.claims import Claims
from schemas.errors import Interrupted, TunesmithError

BEATS = 6  # so many signs of life in the time after which a process counts as dead


@flow(name="tunesmith-partition", flow_run_name="{partition}", persist_result=False)
async def partition_flow(out: str, partition: str) -> State[None]:
    """Generate and judge the samples of one partition of the run in `out`."""
    try:
        with telemetry_of().events(), joined(out, partition) as (job, order):
            async with stopped_by_server(job.stop), _owner(job) as claims:
                room = await shared_room(job.settings)
                async with room.taken(job.stop):
                    done = await make_partition(job, partition, order, claims)
    except Interrupted as error:
        return await stopped_state(error)
    except TunesmithError as error:
        return ended_state(error)
    return Completed(message=f"{done.samples:,} samples, {done.kept:,} kept")


@asynccontextmanager
async def _owner(job: Job) -> AsyncIterator[Claims]:
    """Give the claims of this flow run, kept alive until the block ends."""
    dead_after_s = job.settings.partitions.lost_after_s
    claims = Claims(job.run.work, str(flow_run.id), dead_after_s)
    await asyncio.to_thread(claims.begin)
    beating = asyncio.create_task(_beat(claims, job, dead_after_s / BEATS))
    try:
        yield claims
    finally:
        beating.cancel()
        await asyncio.to_thread(claims.end)


async def _beat(claims: Claims, job: Job, every_s: float) -> None:
    while await asyncio.to_thread(claims.beat):  # noqa: ASYNC110  # it tells, and does not only wait
        await asyncio.sleep(every_s)
    job.stop.wish()  # it was given away: another process makes this partition
