"""Each stage by itself, on a run folder where the earlier ones have been."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import product
from typing import Any

from flows.stages.asking import MAX_ROUNDS, batches_for
from flows.stages.curate import curate, judged_shard
from flows.stages.export import export
from flows.stages.generate import CORPUS, candidates_shard, generate
from flows.stages.importing import imported_shards
from flows.stages.job import Job
from flows.stages.packing import pack_batches, stored_packs
from flows.stages.parse import Batch, parse
from flows.stages.rounds import first, make_round, make_unit, one_by_one
from flows.stages.workshop import open_workshop, prepare
from pipeline.rounds import SPARE
from schemas.errors import RunFolderError
from schemas.ledger import End
from schemas.mix import quotas


async def parse_alone(job: Job) -> None:
    """Parse the job's sources, with a model's help where pages are transcribed."""
    async with open_workshop(job) if job.eyes else nullcontext():
        await asyncio.to_thread(lambda: deque(parse(job), maxlen=0))


async def generate_alone(job: Job) -> None:
    """Make candidates from the documents that are stored.

    Raises:
        RunFolderError: nothing is parsed yet.
    """
    await _pack(job)
    batches = stored_batches(job)
    async with open_workshop(job) as shop:
        await make_round(shop, partial(make_unit, make=generate), one_by_one(batches), 0)
    for recipe, quota in quotas(job.settings).items():
        if quota.per == "run":
            await _generate_some(job, recipe, quota.count, batches_for(recipe, job.settings, batches))


async def _pack(job: Job) -> None:
    """Put the documents into packs, where a recipe asks about such."""
    generation, _ = prepare(job.settings)
    if generation.asks("pack"):
        ids = [row.document_id for row in job.run.sources.read() if row.end is End.KEPT and row.document_id]
        await pack_batches(job, generation, ids)


async def _generate_some(job: Job, recipe: str, wanted: int, batches: Sequence[Batch]) -> None:
    """Make candidates of one recipe, batch after batch, until there are as many as should be enough."""
    made = 0
    async with open_workshop(job, recipe=recipe) as shop:
        for batch in batches:
            if made >= SPARE * wanted:
                break
            shard = await generate(shop, batch)
            made += sum(1 for _ in job.run.candidates.read(shard))


async def curate_alone(job: Job) -> None:
    """Judge the candidates that are stored.

    Raises:
        RunFolderError: there are none.
    """
    shards = list(candidates(job))
    async with open_workshop(job) as shop:
        for shard in shards:
            await curate(shop, shard)


async def export_alone(job: Job) -> None:
    """Write the dataset from the judged samples that are stored.

    Raises:
        RunFolderError: there are none.
    """
    _, curation = prepare(job.settings)
    shards = [judged_shard(shard, curation) for shard in candidates(job)]
    missing = [shard for shard in shards if not job.run.samples.done(shard)]
    if missing:
        raise RunFolderError(str(job.run.folder), "not all candidates are judged; run: tunesmith curate")
    await asyncio.to_thread(export, job, shards)


def stored_batches(job: Job) -> list[Batch]:
    """Return the batches of the documents that were parsed last.

    Raises:
        RunFolderError: nothing is parsed yet.
    """
    if not job.run.sources.exists():
        raise RunFolderError(str(job.run.folder), "holds no documents yet; run: tunesmith parse SOURCES")
    index = job.run.documents.index()
    by_shard: dict[str, list[str]] = defaultdict(list)
    for row in job.run.sources.read():
        if row.end is End.KEPT and row.document_id is not None:
            by_shard[index[row.document_id].shard].append(row.document_id)
    batches = [Batch(shard, tuple(ids)) for shard, ids in by_shard.items()]
    everything = Batch(CORPUS, tuple(id_ for batch in batches for id_ in batch.document_ids))
    generation, _ = prepare(job.settings)
    packs = stored_packs(job.run) if generation.asks("pack") else []
    return [*batches, *([everything] if generation.asks("corpus") else []), *packs]


def candidates(job: Job) -> Iterator[str]:
    """Yield the stored shards of candidates that belong to the job's settings and documents, by round.

    Raises:
        RunFolderError: there are none.
    """
    batches = stored_batches(job)
    imported = imported_shards(job.run.candidates)
    yield from imported
    found = bool(imported)
    for round_, batch in product(range(MAX_ROUNDS), _asked(job, batches)):
        shard = candidates_shard(job.settings, batch, round_)
        if job.run.candidates.done(shard):
            found = True
            yield shard
    if not found:
        raise RunFolderError(
            str(job.run.folder), "holds no candidates for these settings; run: tunesmith generate"
        )


def _asked(job: Job, batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches as all recipes are asked about them, and as each with a number of its own is."""
    alone = [batches_for(recipe, job.settings, batches) for recipe in (None, *quotas(job.settings))]
    return [*batches, *(batch for each in alone for batch in each)]


async def stage_alone(stage: str, job: Job) -> None:
    """Run one of the stages `parse`, `generate`, `curate` and `export`.

    Raises:
        TunesmithError: an earlier stage has not been there, or what the stage itself meets.
        Interrupted: the job was asked to stop.
    """
    job.meter.stage = _DOING[stage]
    try:
        await _STAGES[stage](job)
    except BaseException as error:
        job.stop.wish()
        raise first(error) from error


_DOING = {"parse": "reading", "generate": "making", "curate": "judging", "export": "writing"}
_STAGES: Mapping[str, Callable[[Job], Coroutine[Any, Any, None]]] = {
    "parse": parse_alone,
    "generate": generate_alone,
    "curate": curate_alone,
    "export": export_alone,
}
