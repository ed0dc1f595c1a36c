"""Candidates to judged samples, one shard at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from flows.stages.job import fingerprint
from flows.stages.workshop import Workshop
from pipeline.curation import Curation
from pipeline.provenance import document_ids, passages_of
from schemas.documents import Passage
from schemas.samples import Judged

# How many samples wait for the judge at once, per request that the endpoint may take at once.
JUDGED_PER_SLOT = 2


async def curate(shop: Workshop, candidates: str) -> str:
    """Judge a shard of candidates where that is not done yet, and return the shard of judged samples.

    Raises:
        EndpointError: the judge cannot be used.
        Interrupted: the job was asked to stop; paid verdicts are kept, the shard is not finished.
    """
    job = shop.job
    shard = judged_shard(candidates, shop.curation)
    if job.run.samples.done(shard):
        _count(shop, job.run.samples.read(shard))
        return shard
    judged = [each async for each in _by_rule(shop, candidates)]
    if shop.curation.asks_model:
        judged = await _by_model(shop, judged)
    job.stop.check()
    outcomes = tuple(job.run.candidates.outcomes(candidates))
    job.run.samples.write(shard, (each for each, _ in judged), outcomes)
    _count(shop, (each for each, _ in judged))
    return shard


def judged_shard(candidates: str, curation: Curation) -> str:
    """Return the name under which a shard of candidates is stored when it is judged."""
    return fingerprint({"candidates": candidates, "curation": curation.fingerprint})


Pair = tuple[Judged, tuple[Passage, ...]]


async def _by_rule(shop: Workshop, candidates: str) -> AsyncIterator[Pair]:
    """Yield each candidate with the verdicts of the filters that need no model, and its passages."""
    samples = list(shop.job.run.candidates.read(candidates))
    wanted = {id_ for each in samples for id_ in document_ids(each.sample)}
    documents = {document.id: document for document in shop.job.run.documents.get(wanted)}
    for each in samples:
        shop.job.stop.check()
        passages = passages_of(each.sample, documents)
        yield shop.curation.judge(each.sample, passages), passages
        await asyncio.sleep(0)  # the event loop has replies to take


async def _by_model(shop: Workshop, pairs: list[Pair]) -> list[Pair]:
    """Return the pairs with the model's verdicts added to those still alive, in the same order."""
    room = asyncio.Semaphore(JUDGED_PER_SLOT * shop.job.settings.llm.concurrency)

    async def judged(pair: Pair) -> Pair:
        each, passages = pair
        if not each.keep:
            return pair
        async with room:
            return await shop.curation.judge_with(each, passages, shop.judge.complete), passages

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(judged(pair)) for pair in pairs]
    return [task.result() for task in tasks]


def _count(shop: Workshop, judged: Iterator[Judged]) -> None:
    for each in judged:
        shop.job.meter.kept += each.keep
        shop.job.meter.dropped += not each.keep
