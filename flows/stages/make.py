"""One batch from documents to judged samples, each judged while others are still being made."""

import asyncio
from dataclasses import replace

from flows.stages.curate import Judging, curate, judged_shard
from flows.stages.generate import CORPUS, ask_about, candidates_shard, documents_of, generate, settled
from flows.stages.parse import Batch
from flows.stages.workshop import Workshop
from pipeline.coverage import Covered, covered_by


async def make(shop: Workshop, batch: Batch, round_: int = 0) -> str:
    """Return the shard of judged samples made from a batch, made now where that is not done yet.

    Samples of a whole corpus are judged after the last is made: its documents are too many to hold.

    Raises:
        EndpointError: a model cannot be used.
        Interrupted: the job was asked to stop; paid replies are kept, the batch is not finished.
    """
    run = shop.job.run
    candidates = candidates_shard(shop.job.settings, batch, round_)
    if batch.shard == CORPUS or await asyncio.to_thread(settled, run.candidates, candidates):
        return await curate(shop, await generate(shop, batch, round_))
    documents = list(await asyncio.to_thread(documents_of(shop, batch)))
    async with asyncio.TaskGroup() as group:
        judging = Judging(shop, {document.id: document for document in documents}, group)
        covered = await asyncio.to_thread(covered_before, shop, batch, round_)
        generated = await ask_about(shop, batch, candidates, lambda: documents, judging.take, covered)
    shop.job.stop.check()
    shard = judged_shard(candidates, shop.curation)
    judged = judging.judged(generated.samples)
    await asyncio.to_thread(run.samples.write, shard, judged, generated.outcomes)
    return shard


def covered_before(shop: Workshop, batch: Batch, round_: int) -> Covered | None:
    """Return what earlier rounds made good samples of this batch from, None in the first.

    It comes from what is stored of this batch alone, so that a resumed run sends the same requests.
    """
    if not round_:
        return None
    store, settings = shop.job.run.samples, shop.job.settings
    whole = replace(batch, document_ids=batch.cut_from, cut_from=())
    asked = [(batch, earlier) for earlier in range(round_)] + ([(whole, 0)] if batch.cut_from else [])
    shards = [judged_shard(candidates_shard(settings, *each), shop.curation) for each in asked]
    kept = (judged for shard in shards if store.done(shard) for judged in store.read(shard) if judged.keep)
    return covered_by(judged.sample for judged in kept)
