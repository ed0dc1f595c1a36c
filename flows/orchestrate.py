"""The job as a Prefect flow: every batch is a task, and the plain functions do the work.

Prefect shows and schedules; what is done is known from the run's folder alone. Nothing heavy passes through
its parameters or results, and no secret does.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.stages.alone import STAGES
from flows.stages.build import PlainSteps, build
from flows.stages.export import Exported
from flows.stages.job import Job
from flows.stages.parse import Batch
from flows.stages.workshop import Workshop
from schemas.settings import Settings

JOB: ContextVar[Job] = ContextVar("job")
BATCHES: ContextVar[Iterator[Batch]] = ContextVar("batches")
_SHOP: ContextVar[Workshop] = ContextVar("shop")
_PLAIN = PlainSteps()


@flow(name="tunesmith-build", flow_run_name="build {settings.out}", persist_result=False)
async def build_flow(settings: Settings) -> None:  # noqa: ARG001  # shown in the user interface
    """Make the dataset that `settings` describe."""
    await build(JOB.get(), TaskSteps())


@flow(name="tunesmith-stage", flow_run_name="{stage} {settings.out}", persist_result=False)
async def stage_flow(stage: str, settings: Settings) -> None:  # noqa: ARG001  # shown in the user interface
    """Run one stage of the job that `settings` describe by itself."""
    await STAGES[stage](JOB.get())


@task(name="parse", cache_policy=NO_CACHE, persist_result=False)
def parse_task() -> Iterator[Batch]:
    """Read the sources, and yield batches of documents as they are stored."""
    yield from BATCHES.get()


@task(name="make", task_run_name="make {shard}", cache_policy=NO_CACHE, persist_result=False)
async def make_task(shard: str, document_ids: tuple[str, ...], round_: int) -> str:
    """Generate and curate the samples of one batch."""
    return await _PLAIN.make(_SHOP.get(), Batch(shard, document_ids), round_)


@task(name="export", cache_policy=NO_CACHE, persist_result=False)
async def export_task(shards: list[str]) -> Exported:
    """Select, and write the dataset."""
    return await _PLAIN.export(JOB.get(), shards)


@dataclass(frozen=True, slots=True)
class TaskSteps:
    """The steps as Prefect's tasks."""

    def parse(self, job: Job) -> Iterator[Batch]:  # noqa: ARG002  # reading began before the flow did
        """Yield batches of documents as they are stored."""
        yield from parse_task()

    async def make(self, shop: Workshop, batch: Batch, round_: int) -> str:
        """Return the shard of judged samples made from a batch."""
        _SHOP.set(shop)
        return await make_task(batch.shard, batch.document_ids, round_)

    async def export(self, job: Job, shards: list[str]) -> Exported:  # noqa: ARG002  # the flow knows it
        """Write the dataset."""
        return await export_task(shards)
