"""The vectors of a run's samples, where the settings name an embedding model."""

import asyncio
from collections.abc import Iterable
from functools import partial
from itertools import islice

from flows.stages.job import Job
from flows.stages.workshop import soon
from pipeline.llms.embeddings import Embedder, open_embedder
from pipeline.select import Meanings, gathered, text_of
from schemas.samples import Judged, Sample

_TEXTS_HELD = 2000


def meanings_of(job: Job, judged: Iterable[Judged]) -> Meanings | None:
    """Return the vectors of the samples that every filter kept; None where no embedding model is set.

    Raises:
        EndpointError: the model cannot be used.
        Interrupted: the job was asked to stop.
    """
    if job.settings.embeddings.model is None:
        return None
    return asyncio.run(_asked(job, judged))


async def _asked(job: Job, judged: Iterable[Judged]) -> Meanings:
    kept = (item.sample for item in judged if item.keep)
    async with open_embedder(job.settings, job.run.replies) as embedder:
        job.stop.tell(partial(soon, asyncio.get_running_loop(), embedder))
        parts = []
        while held := list(islice(kept, _TEXTS_HELD)):
            parts.append(await _embedded(embedder, held))
            job.stop.check()
    return gathered(parts)


async def _embedded(embedder: Embedder, samples: list[Sample]) -> Meanings:
    found = await embedder.embed([text_of(sample) for sample in samples])
    there = [place for place in range(len(samples)) if place not in found.missing]
    missing = {samples[place].id: why.partition(":")[0] for place, why in found.missing.items()}
    places = {samples[place].id: row for row, place in enumerate(there)}
    return Meanings(places, found.vectors[there], missing)
