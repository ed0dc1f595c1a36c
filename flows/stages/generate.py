"""Documents to candidate samples, one batch at a time."""

from importlib.metadata import version

from flows.stages.job import fingerprint
from flows.stages.parse import Batch
from flows.stages.workshop import Workshop
from schemas.documents import Document
from schemas.ledger import End
from schemas.requests import FailureReason
from schemas.samples import Judged
from schemas.settings import Settings

# Everything that decides what is asked, and so what is made.
DECIDING = {"recipes", "model", "base_url", "context", "language", "seed", "passages"}
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
    job = shop.job
    shard = candidates_shard(job.settings, batch, round_)
    if _finished(shop, shard):
        job.meter.samples += sum(1 for _ in job.run.candidates.read(shard))
        return shard
    job.stop.check()
    generation = shop.generation
    if batch.shard == CORPUS:
        requests = generation.corpus_requests(lambda: job.run.documents.get(batch.document_ids))
    else:
        requests = generation.requests(_documents(shop, batch))
    made = await generation.run(requests, shop.gateway)
    job.stop.check()
    job.run.candidates.write(shard, map(Judged, made.samples), made.outcomes)
    job.meter.samples += len(made.samples)
    return shard


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
    )


def _documents(shop: Workshop, batch: Batch) -> list[Document]:
    wanted = set(batch.document_ids)
    return [document for document in shop.job.run.documents.load(batch.shard) if document.id in wanted]


def _finished(shop: Workshop, shard: str) -> bool:
    store = shop.job.run.candidates
    return store.done(shard) and not any(
        outcome.end is End.FAILED and outcome.reason in PASSING for outcome in store.outcomes(shard)
    )
