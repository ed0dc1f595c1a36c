"""Documents to candidate samples, one batch at a time."""

import asyncio
from collections.abc import Callable, Iterable
from importlib.metadata import version

from flows.stages.job import fingerprint
from flows.stages.nearness import links_by_meaning, vectors_of
from flows.stages.packing import PACK
from flows.stages.parse import Batch
from flows.stages.workshop import Workshop
from pipeline.coverage import Covered
from pipeline.harvest import Generated
from pipeline.mix import aids_of
from pipeline.store import SampleStore
from schemas.contracts import Scope
from schemas.documents import Document
from schemas.ledger import End
from schemas.registry import filters
from schemas.requests import FailureReason
from schemas.samples import Judged, Sample
from schemas.settings import Settings
from schemas.vectors import Vectors

# Everything that decides what is asked, and so what is made.
DECIDING = {
    "recipes",
    "model",
    "base_url",
    "context",
    "language",
    "question_language",
    "answer_language",
    "source_language",
    "seed",
    "passages",
}
DECIDING_OF_LLM = {"temperature", "top_p", "max_output_tokens", "window", "extra_body"}

# Failures that another try may heal: a batch with one of them is not finished.
PASSING = {
    reason.value
    for reason in (
        FailureReason.RATE_LIMIT,
        FailureReason.OVERLOAD,
        FailureReason.TIMEOUT,
        FailureReason.CONNECTION,
        FailureReason.BUDGET,
        FailureReason.CANCELLED,
    )
}
CORPUS = "corpus"


async def generate(shop: Workshop, batch: Batch, round_: int = 0) -> str:
    """Make candidates from a batch where that is not done yet, and return their shard.

    Raises:
        EndpointError: the model cannot be used.
        Interrupted: the job was asked to stop; paid replies are kept, the batch is not finished.
    """
    shard = candidates_shard(shop.job.settings, batch, round_)
    if await asyncio.to_thread(settled, shop.job.run.candidates, shard):
        shop.job.meter.samples += sum(1 for _ in shop.job.run.candidates.read(shard))
        return shard
    await ask_about(shop, batch, shard, documents_of(shop, batch))
    return shard


async def ask_about(
    shop: Workshop,
    batch: Batch,
    shard: str,
    documents: Callable[[], Iterable[Document]],
    made: Callable[[Sample], None] | None = None,
    covered: Covered | None = None,
) -> Generated:
    """Ask about a batch's documents, store what came of it, and return it. `made` is told of each sample.

    `covered` is what earlier rounds made good samples from: this one asks beside it.

    Raises:
        EndpointError: the model cannot be used.
        Interrupted: the job was asked to stop; paid replies are kept, nothing is stored.
    """
    job, generation = shop.job, shop.generation
    job.stop.check()
    if batch.shard == CORPUS:
        requests = generation.corpus_requests(documents, await _passage_vectors(shop, documents))
    elif batch.shard == PACK:
        requests = generation.pack_requests(documents())
    else:
        requests = generation.requests(documents(), covered, shop.lacking)
    generated = await generation.run(requests, shop.gateway, made, shop.rate)
    job.stop.check()
    candidates = map(Judged, generated.samples)
    await asyncio.to_thread(job.run.candidates.write, shard, candidates, generated.outcomes)
    job.meter.samples += len(generated.samples)
    return generated


async def _passage_vectors(shop: Workshop, documents: Callable[[], Iterable[Document]]) -> Vectors | None:
    if not links_by_meaning(shop.job.settings):
        return None
    return await vectors_of(shop.job, shop.generation.corpus_passages(documents()))


def candidates_shard(settings: Settings, batch: Batch, round_: int) -> str:
    """Return the name under which a batch's candidates are stored: the hash of all that decides them."""
    return fingerprint(
        {
            "settings": settings.model_dump(mode="json", include=DECIDING),
            "llm": settings.llm.model_dump(mode="json", include=DECIDING_OF_LLM),
            "documents": sorted(batch.document_ids),
            "corpus": batch.shard == CORPUS,
            "round": round_,
            "version": version("tunesmith"),
        }
        | ({"recipe": batch.recipe} if batch.recipe else {})
        | ({"pack": list(batch.document_ids)} if batch.shard == PACK else {})
        | _choosing(settings)
        | (_linking(settings) if batch.shard == CORPUS else {})
    )


def _choosing(settings: Settings) -> dict[str, object]:
    """Return what decides a judge's choice among candidates, where a recipe leaves one to it."""
    if "judge" not in aids_of(settings):
        return {}
    own = [each.model_dump(mode="json") for each in settings.filters or () if filters.get(each.name).judges]
    return {"judge": settings.judge.model_dump(mode="json"), "judging": own}


def _linking(settings: Settings) -> dict[str, object]:
    """Return what decides vectors, where a recipe links passages by them."""
    if not links_by_meaning(settings):
        return {}
    return {"embeddings": [settings.embeddings.model, settings.embeddings.max_tokens]}


def kind_of(batch: Batch) -> Scope:
    """Return which recipes a batch is for, by what they ask about."""
    if batch.shard == CORPUS:
        return "corpus"
    return "pack" if batch.shard == PACK else "document"


def documents_of(shop: Workshop, batch: Batch) -> Callable[[], Iterable[Document]]:
    """Return what reads a batch's documents, those of a whole corpus a few at a time."""
    store, wanted = shop.job.run.documents, set(batch.document_ids)
    if batch.shard == CORPUS:
        return lambda: store.get(batch.document_ids)
    if batch.shard == PACK:
        return lambda: sorted(
            store.get(batch.document_ids), key=lambda each: batch.document_ids.index(each.id)
        )
    return lambda: [document for document in store.load(batch.shard) if document.id in wanted]


def settled(store: SampleStore, shard: str) -> bool:
    """Whether a shard is there, and no request of it failed in a way that another try may heal."""
    return store.done(shard) and not any(
        outcome.end is End.FAILED and (outcome.reason in PASSING or outcome.reason.endswith("_failed"))
        for outcome in store.outcomes(shard)
    )
