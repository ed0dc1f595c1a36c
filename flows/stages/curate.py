"""Candidates to judged samples."""

import asyncio
from collections.abc import Iterable, Mapping

from flows.stages.generate import settled
from flows.stages.job import fingerprint
from flows.stages.workshop import JUDGED_PER_SLOT, Workshop, asked_at_once
from pipeline.curation import Curation
from pipeline.provenance import document_ids, passages_of
from schemas.documents import Document
from schemas.samples import Judged, Sample


class Judging:
    """Judges samples side by side, from the moment in which each is there."""

    def __init__(self, shop: Workshop, documents: Mapping[str, Document], group: asyncio.TaskGroup) -> None:
        self._shop, self._documents, self._group = shop, documents, group
        self._room = asyncio.Semaphore(JUDGED_PER_SLOT * asked_at_once(shop.job.settings.llm))
        self._tasks: dict[int, asyncio.Task[Judged]] = {}  # by the identity of a sample

    def take(self, sample: Sample) -> None:
        """Have a sample judged."""
        self._tasks[id(sample)] = self._group.create_task(self._judged(sample))

    def judged(self, samples: Iterable[Sample]) -> list[Judged]:
        """Return what was found of `samples`, in their order, once the group has ended."""
        return [self._tasks[id(sample)].result() for sample in samples]

    async def _judged(self, sample: Sample) -> Judged:
        async with self._room:
            self._shop.job.stop.check()
            passages = passages_of(sample, self._documents)
            judged = self._shop.curation.judge(sample, passages)
            if judged.keep and self._shop.curation.asks_model:
                judged = await self._shop.curation.judge_with(judged, passages, self._shop.ask)
        _count(self._shop, judged)
        return judged


async def curate(shop: Workshop, candidates: str) -> str:
    """Judge a stored shard of candidates where that is not done yet, and return the judged shard.

    Raises:
        EndpointError: the judge cannot be used.
        Interrupted: the job was asked to stop; paid verdicts are kept, the shard is not finished.
    """
    run = shop.job.run
    shard = judged_shard(candidates, shop.curation)
    if judged_finished(shop, shard):
        for each in run.samples.read(shard):
            _count(shop, each)
        return shard
    samples = [each.sample for each in run.candidates.read(candidates)]
    wanted = {id_ for sample in samples for id_ in document_ids(sample)}
    documents = {document.id: document for document in run.documents.get(wanted)}
    async with asyncio.TaskGroup() as group:
        judging = Judging(shop, documents, group)
        for sample in samples:
            judging.take(sample)
    shop.job.stop.check()
    judged, outcomes = judging.judged(samples), run.candidates.outcomes(candidates)
    await asyncio.to_thread(run.samples.write, shard, judged, tuple(outcomes))
    return shard


def judged_shard(candidates: str, curation: Curation) -> str:
    """Return the name under which a shard of candidates is stored when it is judged."""
    return fingerprint({"candidates": candidates, "curation": curation.fingerprint})


def judged_finished(shop: Workshop, shard: str) -> bool:
    """Whether a judged shard is there, and no failure in it might heal in another try."""
    store = shop.job.run.samples
    return settled(store, shard) and not any(each.reason.endswith("_failed") for each in store.read(shard))


def _count(shop: Workshop, judged: Judged) -> None:
    meter = shop.job.meter
    meter.kept += judged.keep
    if not judged.keep:
        meter.dropped += 1
        meter.reasons[judged.reason] += 1
