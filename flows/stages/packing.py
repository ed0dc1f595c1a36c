"""Documents that are shown together: their packs, which later builds keep."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from flows.logs import event
from flows.stages.job import Job
from flows.stages.nearness import vectors_of
from flows.stages.parse import Batch
from pipeline.generation import Generation
from pipeline.packs import Packable, PackRow, packed, rows_of
from pipeline.related import Band, related
from pipeline.store import RowFile, Run
from schemas.documents import Passage

PACK = "pack"
_CHARACTERS_PER_TOKEN = 4
_RELATED = Band(nearer_than=0.9, too_near=0.98)


async def pack_batches(job: Job, generation: Generation, document_ids: Sequence[str]) -> list[Batch]:
    """Put documents into packs, remember them, and return each as a batch.

    Raises:
        EndpointError: the settings name an embedding model that cannot be used.
        Interrupted: the job was asked to stop.
    """
    found = await asyncio.to_thread(_packables, job, generation, document_ids)
    near = await _near(job, [each.id for each in found])
    before = _stored(job.run).read()
    rows = rows_of(packed(found, generation.pack_limits(), near, before))
    if rows != before:
        _stored(job.run).write(rows)
    event("documents packed", packs=len({row.pack for row in rows}), alone=len(found) - len(rows))
    return _batches(rows)


def stored_packs(run: Run) -> list[Batch]:
    """Return the packs that were made last, as batches."""
    return _batches(_stored(run).read())


def _batches(rows: Sequence[PackRow]) -> list[Batch]:
    packs = groupby(rows, key=attrgetter("pack"))
    return [Batch(PACK, tuple(row.document_id for row in pack)) for _, pack in packs]


def _packables(job: Job, generation: Generation, document_ids: Sequence[str]) -> list[Packable]:
    """Return what decides about the packs of documents with text, in the order of their ids."""
    found = {}
    for document in job.run.documents.get(document_ids):
        job.stop.check()
        if document.has_text:
            found[document.id] = generation.packable(document)
    return [found[id_] for id_ in document_ids if id_ in found]


async def _near(job: Job, ids: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of places in `ids` whose documents begin alike in meaning; none without vectors."""
    if job.settings.embeddings.model is None:
        return []
    vectors = await vectors_of(job, _heads(job, ids))
    by_document = {id_.partition(":")[0]: row for id_, row in vectors.places.items()}
    known = type(vectors)(by_document, vectors.matrix)
    return await asyncio.to_thread(related, ids, known, _RELATED, job.settings.seed)


def _heads(job: Job, ids: Sequence[str]) -> Iterator[Passage]:
    most = job.settings.embeddings.max_tokens * _CHARACTERS_PER_TOKEN
    for document in job.run.documents.get(ids):
        yield Passage(document, 0, min(most, len(document.text)), (document.title,))


def _stored(run: Run) -> RowFile[PackRow]:
    return RowFile(run.folder / "packs.parquet", PackRow)
