"""A run over many workers: one flow reads, cuts the batches into partitions, and has workers make them.

What it shares with them is the run's folder and Prefect's server. A partition is a deployment run with an
idempotency key; one that crashed, or whose process is silent, is given to another worker. Recipes over the
whole corpus, selection and export happen here, once.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.runtime import flow_run
from prefect.states import Cancelling, Crashed

from flows.partition_runs import deployment_of, end_leftovers, tag_of
from flows.stages.build import Steps
from flows.stages.export import Exported
from flows.stages.generate import CORPUS
from flows.stages.job import Job
from flows.stages.parse import Batch
from flows.stages.partition import Done, Order, done_of, place
from flows.stages.rounds import Unit
from flows.stages.shares import Purse, shared_out
from flows.stages.workshop import Workshop
from pipeline.llms.replies import spent_on
from pipeline.store.claims import Watch
from pipeline.store.whole_files import remove_folder
from schemas.errors import Interrupted, PartitionFailed
from schemas.requests import Usage
from schemas.settings import Settings

LOOK_EVERY_S = 2.0
MAX_ATTEMPTS = 5
# Between the last sign of life of a flow that ends well and its final state.
GRACE_S = 15.0
# A worker that dies after it took a run and before it started one leaves it pending.
PENDING_S = 900.0


class PartitionSteps:
    """The steps of a build whose batches are made by workers. `here` does all that is done once."""

    def __init__(self, settings: Settings, here: Steps, client: PrefectClient, deployment: UUID) -> None:
        self._settings, self._here = settings, here
        self._share = shared_out(settings)
        self._client, self._deployment = client, deployment
        self._at_once = settings.partitions.at_once or 1
        self._places = asyncio.Semaphore(self._at_once)
        self._purse = Purse(settings.budget, self._at_once)
        self._partitions = 0
        self._gathered = 0

    def parse(self, job: Job) -> Iterator[Batch]:
        """Yield batches of documents as they are stored.

        Where a model reads pages, no batch is made before all are read: until then its limits are this
        process's, and from then on those of the partitions.
        """
        batches = self._here.parse(job)
        return batches if job.eyes is None else iter(list(batches))

    def full(self, together: Sequence[Batch]) -> bool:
        """Whether so many batches are a partition: more the more partitions there were."""
        documents = sum(len(batch.document_ids) for batch in together)
        full = documents >= self._settings.partitions.documents << (self._gathered // (2 * self._at_once))
        self._gathered += full
        return full

    async def make(self, shop: Workshop, unit: Unit) -> list[str]:
        """Return the shards of judged samples made from a unit's batches, in their order."""
        if unit.batches[0].shard == CORPUS:
            return await self._here.make(shop, unit)
        async with self._places:
            unit.taken.set()
            self._partitions += 1
            name = f"partition-{self._partitions}-{str(flow_run.id)[:8]}"  # others may be at work still
            done = await self._made(shop.job, name, unit, shop.lacking)
        _note(shop.job, unit, done)
        return list(done.shards)

    async def export(self, job: Job, shards: list[str]) -> Exported:
        """Write the dataset."""
        exported = await self._here.export(job, shards)
        await asyncio.to_thread(remove_folder, job.run.work)
        return exported

    async def _made(self, job: Job, name: str, unit: Unit, lacking: Mapping[str, int] | None) -> Done:
        for attempt in range(1, MAX_ATTEMPTS + 1):
            await self._place(job, name, unit, lacking)
            try:
                state = await self._ended(job, await self._started(job, name, attempt))
            finally:
                self._purse.give_back(name)
            if state.is_completed():
                return await asyncio.to_thread(done_of, job.run, name)
            if state.is_failed():
                raise PartitionFailed(name, state.message or "failed on its worker")
            if state.is_cancelled():
                raise Interrupted
        raise PartitionFailed(name, f"crashed on its worker, {MAX_ATTEMPTS} times; see its log in Prefect")

    async def _place(self, job: Job, name: str, unit: Unit, lacking: Mapping[str, int] | None) -> None:
        """Write down what a partition is, with its share of what the run has left by now."""
        spent = await asyncio.to_thread(lambda: sum(spent_on(job.run.replies).values(), Usage()))
        order = Order(
            version=version("tunesmith"),
            settings=self._share,
            round_=unit.round_,
            batches=unit.batches,
            budget=self._purse.take(name, spent),
            lacking=_of_documents(lacking, unit),
        )
        await asyncio.to_thread(place, job.run, name, order)

    async def _started(self, job: Job, name: str, attempt: int) -> FlowRun:
        # Elsewhere, a folder of this machine says nothing; and what is named has a place of its own.
        nearby = isinstance(job.run.folder, Path) and self._settings.partitions.deployment is None
        return await self._client.create_flow_run_from_deployment(
            self._deployment,
            parameters={"out": self._settings.out, "partition": name},
            idempotency_key=f"{flow_run.id}-{name}-{attempt}",
            job_variables={"working_dir": str(Path.cwd())} if nearby else None,
            tags=[f"run:{flow_run.id}", tag_of(self._settings)],
        )

    async def _ended(self, job: Job, run: FlowRun) -> State[object]:
        """Return the state in which a partition's run ended, also where it has to be given up."""
        patience = _Patience(Watch(job.run.work, self._settings.partitions.lost_after_s), str(run.id))
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                job.stop.check()
                try:
                    state = (await self._client.read_flow_run(run.id)).state
                except HTTPError:  # the server is away; the partition goes on without it
                    continue
                if state is None or not (state.is_final() or await asyncio.to_thread(patience.ends, state)):
                    continue
                await asyncio.to_thread(patience.watch.forget, str(run.id))
                if state.is_final():
                    return state
                lost: State[object] = Crashed(message="its worker gave no sign of life")
                await self._client.set_flow_run_state(run.id, lost, force=True)
                return lost
        except BaseException:
            await asyncio.shield(self._client.set_flow_run_state(run.id, Cancelling()))
            raise


class _Patience:
    """How long a run may be silent."""

    def __init__(self, watch: Watch, owner: str) -> None:
        self.watch, self._owner = watch, owner
        self._since: dict[str, float] = {}

    def ends(self, state: State[object]) -> bool:
        """Whether a run in this state has been silent for too long."""
        if state.is_pending():
            return self._lasts("pending", PENDING_S)
        if state.is_running() and not self.watch.lives(self._owner):
            return self._lasts("silent", GRACE_S)
        self._since.clear()
        return False

    def _lasts(self, what: str, most_s: float) -> bool:
        since = self._since.setdefault(what, time.monotonic())
        return time.monotonic() - since > most_s


@asynccontextmanager
async def partition_steps(settings: Settings, here: Steps) -> AsyncIterator[PartitionSteps]:
    """Give the steps of a build whose batches workers make.

    Raises:
        SettingsError: there is no such deployment, or there are more partitions at once than requests.
    """
    shared_out(settings)
    async with get_client() as client:
        await end_leftovers(client, tag_of(settings))
        yield PartitionSteps(settings, here, client, await deployment_of(client, settings))


def _of_documents(lacking: Mapping[str, int] | None, unit: Unit) -> dict[str, int] | None:
    """Return what is lacking of a unit's documents."""
    if lacking is None:
        return None
    documents = {id_ for batch in unit.batches for id_ in batch.document_ids}
    return {id_: lacking[id_] for id_ in documents & lacking.keys()}


def _note(job: Job, unit: Unit, done: Done) -> None:
    """Add what a worker did to the run's counts."""
    meter = job.meter
    meter.batches_done += len(unit.batches)
    meter.samples += done.samples
    meter.kept += done.kept
    meter.dropped += sum(done.dropped.values())
    meter.reasons += Counter(done.dropped)
    if done.ran_dry:
        meter.ran_dry.setdefault(unit.batches[0].recipe, done.ran_dry)
