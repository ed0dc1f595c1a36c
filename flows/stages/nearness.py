"""The vectors of passages, where a recipe links them by meaning."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice

from flows.stages.job import Job
from flows.stages.workshop import soon
from pipeline.llms.embeddings import Embedded, open_embedder
from pipeline.mix import aids_of
from schemas.documents import Passage
from schemas.settings import Settings
from schemas.vectors import Vectors

_TEXTS_HELD = 2000


def links_by_meaning(settings: Settings) -> bool:
    """Whether a recipe of the mix links passages by their vectors."""
    asked = aids_of(settings) & {"vectors", "vectors_where_set"}
    return bool(asked) and settings.embeddings.model is not None


async def vectors_of(job: Job, passages: Iterable[Passage]) -> Vectors:
    """Return the vectors of passages with their headings; those that have none are left out.

    Raises:
        EndpointError: the model cannot be used.
        Interrupted: the job was asked to stop.
    """
    ids: list[str] = []
    parts: list[Embedded] = []
    left = iter(passages)
    async with open_embedder(job.settings, job.run.replies) as embedder:
        job.stop.tell(partial(soon, asyncio.get_running_loop(), embedder))
        while texts := {passage.id: text_of_passage(passage) for passage in islice(left, _TEXTS_HELD)}:
            ids += texts
            parts.append(await embedder.embed(list(texts.values())))
            job.stop.check()
    return _joined(ids, parts)


def _joined(ids: Sequence[str], parts: Sequence[Embedded]) -> Vectors:
    """Return the rows of all parts that have the dimensions of the first: an endpoint may change models."""
    import numpy as np

    width = next((part.vectors.shape[1] for part in parts if part.vectors.size), 0)
    places: dict[str, int] = {}
    rows, first = [], 0
    for part in parts:
        alike = part.vectors.shape[1] == width
        there = [place for place in range(len(part.vectors)) if alike and place not in part.missing]
        places.update({ids[first + place]: len(places) + row for row, place in enumerate(there)})
        rows.append(part.vectors[there].reshape(len(there), width))
        first += len(part.vectors)
    return Vectors(places, np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32))


def text_of_passage(passage: Passage) -> str:
    """Return what of a passage is turned into a vector."""
    return "\n".join((*passage.headings, passage.text))
