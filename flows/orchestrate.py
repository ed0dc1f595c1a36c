"""The job as a Prefect flow: every batch is a task, and the plain functions do the work.

Prefect shows and schedules; what is done is known from the run's folder alone. Nothing heavy passes through
its parameters or results, and no secret does. A worker calls the flows as they stand here; the command line
opens the job itself, so that documents are read while its server starts.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from httpx import HTTPError
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TagsContext
from prefect.logging import get_run_logger
from prefect.states import aget_state_exception
from prefect.tasks import Task

from flows.api import check, open_job
from flows.artifacts import announce, progress_shown, show
from flows.cancelling import stopped_by_server
from flows.endings import ended_state, finished_state, stopped_state
from flows.limits import shared_room
from flows.reviewing import reviewed
from flows.signals import stopped_by_signals
from flows.stages.alone import stage_alone
from flows.stages.build import PlainSteps, build
from flows.stages.export import Exported
from flows.stages.job import Job
from flows.stages.parse import Batch, parse
from flows.stages.report import finished, report
from flows.stages.rounds import Unit
from flows.stages.workshop import Workshop
from flows.telemetry import telemetry_of
from flows.time_limit import within_time
from schemas.errors import Interrupted, RunFolderError, TunesmithError
from schemas.manifest import Manifest
from schemas.settings import Settings

T = TypeVar("T")


@dataclass(slots=True)
class Opened:
    """What the command line has opened and begun before the flow; `done` tells it that the work is done."""

    job: Job
    batches: Iterator[Batch] | None = None
    done: bool = False


# A worker does not set it.
OPENED: ContextVar[Opened | None] = ContextVar("opened", default=None)

_JOB: ContextVar[Job] = ContextVar("job")
_SHOP: ContextVar[Workshop] = ContextVar("shop")
_UNIT: ContextVar[Unit] = ContextVar("unit")
_PLAIN = PlainSteps()

# Prefect's records are no place for thousands: beside reading and writing, a flow run has at most so many
# tasks. The first have a batch each, later ones twice as many after every few; beyond the last, batches are
# made without one.
MOST_MAKE_TASKS = 190
ALONE = 96
TASKS_BEFORE_GROWTH = 8


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
        _JOB.set(job)
        async with stopped_by_server(job.stop):
            yield job


async def _end(error: TunesmithError) -> State[None]:
    if isinstance(error, Interrupted) and OPENED.get() is None:
        return await stopped_state(error)
    return ended_state(error)


def _folder_was_away(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Return whether another try may help: models are asked again by the gateway, folders by nobody else."""
    return isinstance(state.data, RunFolderError)


@task(name="parse", task_run_name="parse", cache_policy=NO_CACHE, persist_result=False)
def parse_task() -> Iterator[Batch]:
    """Read the sources, and yield batches of documents as they are stored."""
    opened = OPENED.get()
    yield from (opened.batches if opened else None) or parse(_JOB.get())


@task(
    name="make",
    task_run_name="make {name}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=_folder_was_away,
)
async def make_task(name: str) -> list[str] | State[list[str]]:  # noqa: ARG001  # the name is for people
    """Generate and curate the samples of one batch, or of several where there are very many."""
    shop, unit = _SHOP.get(), _UNIT.get()
    try:
        made = await _PLAIN.make(shop, unit)
    except TunesmithError as error:
        return ended_state(error)
    meter = shop.job.meter
    get_run_logger().info(
        "%d documents done; of %d samples that the run has judged until now, %d are kept",
        unit.documents, meter.kept + meter.dropped, meter.kept,
    )  # fmt: skip
    return made


@task(
    name="export",
    task_run_name="export",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=_folder_was_away,
)
async def export_task(shards: list[str]) -> Exported | State[Exported]:
    """Select, and write the dataset."""
    try:
        return await _PLAIN.export(_JOB.get(), shards)
    except TunesmithError as error:
        return ended_state(error)


async def _unless_failed(made: T | State[T]) -> T:
    """Return what a task made, or raise the error that it ended with."""
    if isinstance(made, State):
        raise await aget_state_exception(made)
    return made


class TaskSteps:
    """The steps as Prefect's tasks."""

    def __init__(self) -> None:
        self._units = 0

    def parse(self, job: Job) -> Iterator[Batch]:  # noqa: ARG002  # reading may have begun before the flow did
        """Yield batches of documents as they are stored."""
        yield from parse_task()

    def full(self, together: Sequence[Batch]) -> bool:
        """Whether so many batches are a task: one, and more the more tasks there were."""
        return len(together) >= batches_of_task(self._units)

    async def make(self, shop: Workshop, unit: Unit) -> list[str]:
        """Return the shards of judged samples made from a unit's batches, in their order."""
        self._units += 1
        if self._units > MOST_MAKE_TASKS:
            return await _PLAIN.make(shop, unit)
        _SHOP.set(shop)
        _UNIT.set(unit)
        return await _unless_failed(await make_task(_name_of(unit)))

    async def export(self, job: Job, shards: list[str]) -> Exported:  # noqa: ARG002  # the task knows it
        """Write the dataset."""
        return await _unless_failed(await export_task(shards))


def batches_of_task(number: int) -> int:
    """Return how many batches the task with this number, counted from 0, takes together."""
    if number >= MOST_MAKE_TASKS:
        return sys.maxsize
    return 1 << max(0, (number - ALONE) // TASKS_BEFORE_GROWTH + 1)


def _name_of(unit: Unit) -> str:
    shard, more = unit.batches[0].shard, len(unit.batches) - 1
    return f"{shard} and {more} more" if more else shard
