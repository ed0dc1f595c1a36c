"""The steps of a build as Prefect's tasks: each batch is one, or several where there are very many."""

import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.logging import get_run_logger
from prefect.states import aget_state_exception
from prefect.tasks import Task

from flows.endings import ended_state
from flows.opened import OPENED
from flows.stages.build import PlainSteps
from flows.stages.export import Exported
from flows.stages.job import Job
from flows.stages.parse import Batch, parse
from flows.stages.rounds import Unit
from flows.stages.workshop import Workshop
from schemas.errors import RunFolderError, TunesmithError

T = TypeVar("T")

JOB: ContextVar[Job] = ContextVar("job")
_SHOP: ContextVar[Workshop] = ContextVar("shop")
_UNIT: ContextVar[Unit] = ContextVar("unit")
_PLAIN = PlainSteps()

# Prefect's records are no place for thousands: beside reading and writing, a flow run has at most so many
# tasks. The first have a batch each, later ones twice as many after every few; beyond the last, batches are
# made without one.
MOST_MAKE_TASKS = 190
ALONE = 96
TASKS_BEFORE_GROWTH = 8


def _folder_was_away(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Return whether another try may help: models are asked again by the gateway, folders by nobody else."""
    return isinstance(state.data, RunFolderError)


_TRIED_AGAIN: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "retries": 2,
    "retry_delay_seconds": [5, 30],
    "retry_condition_fn": _folder_was_away,
}


@task(name="parse", task_run_name="parse", cache_policy=NO_CACHE, persist_result=False)
def parse_task() -> Iterator[Batch]:
    """Read the sources, and yield batches of documents as they are stored."""
    opened = OPENED.get()
    yield from (opened.batches if opened else None) or parse(JOB.get())


@task(name="make", task_run_name="make {name}", **_TRIED_AGAIN)
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


@task(name="export", task_run_name="export", **_TRIED_AGAIN)
async def export_task(shards: list[str]) -> Exported | State[Exported]:
    """Select, and write the dataset."""
    try:
        return await _PLAIN.export(JOB.get(), shards)
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
