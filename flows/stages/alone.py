"""Each stage by itself, on a run folder where the earlier ones have been."""

from collections import defaultdict
from collections.abc import Iterator

from flows.stages.build import CORPUS, MAX_ROUNDS, make_round, one_by_one
from flows.stages.curate import curate, judged_shard
from flows.stages.export import Exported, export
from flows.stages.generate import candidates_shard, generate
from flows.stages.job import Job
from flows.stages.parse import Batch, parse
from flows.stages.workshop import open_workshop, prepare
from schemas.errors import RunFolderError
from schemas.ledger import End


def parse_alone(job: Job) -> None:
    """Parse the job's sources."""
    for _ in parse(job):
        job.meter.batches_done += 1


async def generate_alone(job: Job) -> None:
    """Make candidates from the documents that are stored.

    Raises:
        RunFolderError: nothing is parsed yet.
    """
    batches = stored_batches(job)
    async with open_workshop(job) as shop:
        await make_round(shop, generate, one_by_one(batches), 0)


async def curate_alone(job: Job) -> None:
    """Judge the candidates that are stored.

    Raises:
        RunFolderError: there are none.
    """
    shards = list(candidates(job))
    async with open_workshop(job) as shop:
        for shard in shards:
            await curate(shop, shard)


def export_alone(job: Job) -> Exported:
    """Write the dataset from the judged samples that are stored.

    Raises:
        RunFolderError: there are none.
    """
    _, curation = prepare(job.settings)
    shards = [judged_shard(shard, curation) for shard in candidates(job)]
    missing = [shard for shard in shards if not job.run.samples.done(shard)]
    if missing:
        raise RunFolderError(str(job.run.folder), "not all candidates are judged; run: tunesmith curate")
    return export(job, shards)


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
    return [*batches, everything] if generation.needs_corpus else batches


def candidates(job: Job) -> Iterator[str]:
    """Yield the stored shards of candidates that belong to the job's settings and documents, by round.

    Raises:
        RunFolderError: there are none.
    """
    batches = stored_batches(job)
    found = False
    for round_ in range(MAX_ROUNDS):
        for batch in batches:
            shard = candidates_shard(job.settings, batch, round_)
            if job.run.candidates.done(shard):
                found = True
                yield shard
    if not found:
        raise RunFolderError(
            str(job.run.folder), "holds no candidates for these settings; run: tunesmith generate"
        )
