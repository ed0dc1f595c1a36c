"""The job as a Prefect flow: every batch is a task, and the plain functions do the work.

Prefect shows and schedules; what is done is known from the run's folder alone. Nothing heavy passes through
its parameters or results, and no secret does. A worker calls the flows as they stand here; the command line
opens the job itself, so that documents are read while its server starts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from httpx import HTTPError
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.logging import get_run_logger

from flows.api import check, open_job
from flows.artifacts import announce, progress_shown, show
from flows.cancelling import stopped_by_server
from flows.endings import ended_state, finished_state, stopped_state
from flows.limits import shared_room
from flows.opened import OPENED
from flows.reviewing import reviewed
from flows.signals import stopped_by_signals
from flows.stages.alone import stage_alone
from flows.stages.build import build
from flows.stages.job import Job
from flows.stages.report import finished, report
from flows.tasks import JOB, TaskSteps
from flows.telemetry import telemetry_of
from flows.time_limit import within_time
from schemas.errors import Interrupted, TunesmithError
from schemas.manifest import Manifest
from schemas.settings import Settings


@flow(name="tunesmith-build", flow_run_name="build {settings.out}", persist_result=False)
async def build_flow(settings: Settings, review: bool = False) -> State[None]:
    """Make a dataset from documents: read, generate, judge, select and write.

    The same settings on the same folder go on where the last run stopped, and do what is new. Keys of models
    come from the environment of the process that runs this, never from parameters.

    Args:
        settings: What to read, whom to ask and what to make, with the names that the settings file has.
        review: Ask a person before the dataset counts as published.
    """
    try:
        async with _opened(settings) as job:
            async with progress_shown(job):
                with within_time(job):
                    await _built(job)
            manifest = finished(job.run)
            if review:
                await asyncio.to_thread(report, job.run)
                await _show(job, manifest)
                await reviewed(job)
        if OPENED.get() is None:  # else the command line writes it; not before its books are closed
            await asyncio.to_thread(report, job.run)
        if not review:
            await _show(job, manifest)
        announce(job.run, manifest)
        _done()
    except TunesmithError as error:
        return await _end(error)
    return finished_state(manifest)


@flow(name="tunesmith-stage", flow_run_name="{stage} {settings.out}", persist_result=False)
async def stage_flow(stage: str, settings: Settings) -> State[None] | None:
    """Run one stage of a build by itself.

    Args:
        stage: One of parse, generate, curate and export.
        settings: As for a whole build; the run's folder holds what the stages before it made.
    """
    try:
        async with _opened(settings) as job:
            with within_time(job):
                await stage_alone(stage, job)
        _done()
    except TunesmithError as error:
        return await _end(error)
    return None


async def _show(job: Job, manifest: Manifest) -> None:
    """Show what was made. A server that went away meanwhile does not undo it."""
    try:
        await show(job.run, manifest)
    except HTTPError as error:
        get_run_logger().warning("the server shows nothing of this run: %s", error)


def _done() -> None:
    if opened := OPENED.get():
        opened.done = True


async def _built(job: Job) -> None:
    """Build in this process, or by the partitions of other ones, which take room of their own."""
    if job.settings.partitions.at_once:
        from flows.partitioned import partition_steps

        async with partition_steps(job.settings, TaskSteps()) as steps:
            await build(job, steps)
        return
    room = await shared_room(job.settings)
    async with room.taken(job.stop):
        await build(job, TaskSteps())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Job]:
    """Give the job that the command line opened, or open it here, where a worker called the flow."""
    with ExitStack() as stack:
        opened = OPENED.get()
        if opened is None:
            check(settings)
            telemetry = telemetry_of()
            stack.enter_context(telemetry.events())
            job = stack.enter_context(open_job(settings))
            stack.enter_context(telemetry.metrics(job))
        else:
            job = opened.job
            stack.enter_context(stopped_by_signals(job.stop))  # Prefect has put its own handlers over ours
            stack.enter_context(TagsContext())  # the flow has its tags; each task with one asks for limits
        JOB.set(job)
        async with stopped_by_server(job.stop):
            yield job


async def _end(error: TunesmithError) -> State[None]:
    if isinstance(error, Interrupted) and OPENED.get() is None:
        return await stopped_state(error)
    return ended_state(error)
