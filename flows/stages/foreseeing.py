"""What a run will take, told before it asks, and set right by what it has taken since."""

from collections.abc import Iterable, Iterator, Sequence

from flows.logs import event
from flows.stages.job import Job
from flows.stages.parse import Batch
from schemas.registry import providers
from schemas.requests import Usage
from schemas.settings import BudgetSettings

# Documents that stand for all others where there are more: so many stretches of them, so long.
_STRETCHES = 16
_STRETCH_DOCUMENTS = 8


def foresee(job: Job, batches: Sequence[Batch]) -> None:
    """Work out what the run will take, from the documents that are stored, and warn of a budget below it.

    Raises:
        Interrupted: the job was asked to stop.
    """
    from flows.stages.outlook import Outlook

    settings = job.settings
    outlook = Outlook(settings)
    if not (providers.get(settings.provider).is_language_model or outlook.asks_judge):
        return
    documents = sum(len(batch.document_ids) for batch in batches)
    seen = 0
    for document in job.run.documents.get(_some_of(batches, documents)):
        job.stop.check()
        outlook.see(document)
        seen += 1
    job.meter.expected = outlook.expectation(documents / max(1, seen))
    total = job.meter.expected.total
    event("estimate", requests=total.requests, tokens=total.prompt_tokens + total.completion_tokens,
          cost_usd=round(total.cost_usd, 4))  # fmt: skip
    if warning := beyond(settings.budget, total):
        job.tell(warning)
        event("budget below the estimate", warning=warning)


def _some_of(batches: Iterable[Batch], documents: int) -> Iterator[str]:
    """Yield the ids of all of so many documents, or of stretches of them, evenly spread."""
    ids = (id_ for batch in batches for id_ in batch.document_ids)
    if documents <= _STRETCHES * _STRETCH_DOCUMENTS:
        yield from ids
        return
    every = documents // _STRETCHES
    yield from (id_ for place, id_ in enumerate(ids) if place % every < _STRETCH_DOCUMENTS)


def expected_by_now(job: Job) -> Usage:
    """Return what the run will have taken at its end: the estimate, set right by the share that is done."""
    expected = job.meter.expected
    if expected is None or not job.meter.batches:
        return Usage()
    left = 1 - job.meter.batches_done / job.meter.batches
    spent, estimated = job.spent(), expected.by_account
    total = Usage()
    for name in {*spent, *estimated}:
        paid = spent.get(name, Usage())
        total += paid + (paid + estimated.get(name, Usage()) * left) * left
    return total


def beyond(budget: BudgetSettings, expected: Usage) -> str:
    """Return how far a run goes with a budget below what it is expected to take, empty where it is enough."""
    limits = (
        (budget.usd, expected.cost_usd, "${:,.2f}"),
        (budget.tokens, expected.prompt_tokens + expected.completion_tokens, "{:,} tokens"),
        (budget.requests, expected.requests, "{:,} requests"),
    )
    found = [
        (cap / takes, cap, takes, form) for cap, takes, form in limits if cap is not None and cap < takes
    ]
    if not found:
        return ""
    share, cap, takes, form = min(found, key=lambda each: each[0])
    return (
        f"The budget of {form.format(cap)} is less than the {form.format(takes)} that all of it is expected "
        f"to take: the run will stop asking after about {share:.0%}, and goes on with a larger one."
    )
