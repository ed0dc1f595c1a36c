"""Judged samples to a dataset: select, write, account for everything."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from flows.stages.advice import advice
from flows.stages.job import Job
from flows.stages.meanings import meanings_of
from flows.stages.parse import something_read
from flows.stages.record import finish
from flows.stages.telling import told
from flows.stages.versions import keep_splits, kept_splits, version_rows
from flows.stages.wanted import Accepted, fruitless, shortfall, why_fruitless
from flows.stages.workshop import prepare
from output.placing import CHECKSUMS
from output.writing import write_dataset
from pipeline.llms.replies import spent_on
from pipeline.reviews import Reviews
from pipeline.select import Decision, Meanings, select
from pipeline.select.candidates import home_of
from pipeline.store import Place, Run, SelectionRow
from pipeline.store.copies import written_folder
from schemas.errors import NothingLeft
from schemas.ledger import End, Ledger, Outcome, Stage
from schemas.manifest import DatasetFile
from schemas.samples import Judged, Selected


@dataclass(frozen=True, slots=True)
class Exported:
    """What a run came to."""

    dataset: Place
    files: tuple[DatasetFile, ...]
    ledger: Ledger


def export(job: Job, shards: Sequence[str]) -> Exported:
    """Select among the samples of `shards`, write the dataset, and prove that nothing disappeared.

    Raises:
        NothingLeft: no document could be read, or no sample was kept; says what to change.
        LedgerMismatch: the program lost something.
        RunFolderError: the dataset cannot be written.
    """
    meanings = meanings_of(job, samples(job.run, shards))
    decisions = _decisions(job, shards, meanings)
    ledger = account(job, shards, decisions)
    ledger.check()
    _something_left(job, shards, ledger)
    keep_splits(job.run, job.settings, samples(job.run, shards), decisions)
    with written_folder(job.run.dataset, CHECKSUMS) as folder:
        files = write_dataset(
            lambda: selected(job, shards, decisions), folder, job.settings, *told(job, ledger)
        )
    job.run.selection.write(_selection_row(decision) for decision in decisions.values())  # of what is there
    finish(
        job,
        ledger,
        files,
        shards,
        version_rows(samples(job.run, shards), decisions),
        _lacking(job, shards, decisions),
        dict(Counter(meanings.missing.values()).most_common()) if meanings else {},
    )
    return Exported(job.run.dataset, files, ledger)


def stored_selection(run: Run, shards: Sequence[str]) -> Iterator[Selected]:
    """Yield the samples of the dataset that a run made last, from the shards that its manifest names."""
    rows = {row.sample_id: row for row in run.selection.read()}
    for judged in samples(run, shards):
        row = rows.get(judged.sample.id)  # none where a kill came between a decision and its dataset
        if row is not None and row.split is not None:
            yield Selected(judged, row.split, row.cluster)


def samples(run: Run, shards: Sequence[str]) -> Iterator[Judged]:
    """Yield every sample of `shards` once, people's decisions applied: rounds may come upon one again."""
    return (judged for _, judged in with_reviews(run, shards))


def with_reviews(run: Run, shards: Sequence[str]) -> Iterator[tuple[Judged, Judged]]:
    """Yield every sample of `shards` once, as it was made and as people's decisions left it."""
    reviews = Reviews(run.reviews.read())
    seen: set[str] = set()
    for shard in shards:
        for made in run.samples.read(shard):
            judged = reviews.applied(made)
            if judged.sample.id not in seen:
                seen.add(judged.sample.id)
                yield made, judged


def selected(job: Job, shards: Sequence[str], decisions: dict[str, Decision]) -> Iterator[Selected]:
    """Yield the samples that go into the dataset, as they may leave the house."""
    _, curation = prepare(job.settings)
    for judged in samples(job.run, shards):
        decision = decisions[judged.sample.id]
        if decision.split is not None:
            released = replace(judged, sample=curation.released(judged.sample))
            yield Selected(released, decision.split, decision.cluster)


def count_accepted(job: Job, shards: Sequence[str]) -> Accepted:
    """Return how many samples would go into the dataset now, by recipe and document."""
    meanings = meanings_of(job, samples(job.run, shards))
    return _accepted(job, shards, _decisions(job, shards, meanings))


def _accepted(job: Job, shards: Sequence[str], decisions: dict[str, Decision]) -> Accepted:
    return Counter(
        (judged.sample.recipe, home_of(judged.sample))
        for judged in samples(job.run, shards)
        if decisions[judged.sample.id].end is End.KEPT
    )


def _lacking(job: Job, shards: Sequence[str], decisions: dict[str, Decision]) -> str:
    """Return what the settings ask for and the dataset has not, and why, in one line."""
    accepted = _accepted(job, shards, decisions)
    numbers = shortfall(job.settings, accepted, _documents(job), job.meter.ran_dry)
    empty = fruitless(job.settings, accepted)
    return "; ".join(filter(None, [numbers, *_reasons(job, shards, decisions, empty)]))


def _reasons(
    job: Job, shards: Sequence[str], decisions: dict[str, Decision], empty: Collection[str]
) -> Iterator[str]:
    """Yield why each of the recipes that are `empty` gave no row."""
    if not empty:
        return
    dropped: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for judged in samples(job.run, shards):
        if judged.sample.recipe in empty:
            dropped[judged.sample.recipe][decisions[judged.sample.id].reason] += 1
    spent = spent_on(job.run.replies)
    for recipe in empty:
        yield why_fruitless(recipe, dropped[recipe], spent[recipe].requests if recipe in spent else 0)


def _decisions(job: Job, shards: Sequence[str], meanings: Meanings | None) -> dict[str, Decision]:
    return select(
        lambda: samples(job.run, shards), job.settings, kept_splits(job.run, job.settings), meanings
    )


def account(job: Job, shards: Sequence[str], decisions: dict[str, Decision]) -> Ledger:
    """Return how every source, request and sample ended."""
    ledger = Ledger()
    ledger.record_all(
        Outcome(Stage.SOURCES, row.uri, row.end, row.reason, row.detail) for row in job.run.sources.read()
    )
    for shard in shards:
        ledger.record_all(job.run.samples.outcomes(shard))
    ledger.enter(Stage.SAMPLES, sum(1 for _ in samples(job.run, shards)))
    for decision in decisions.values():
        ledger.record(Outcome(Stage.SAMPLES, decision.sample_id, decision.end, decision.reason))
    return ledger


def _documents(job: Job) -> list[str]:
    return [row.document_id for row in job.run.sources.read() if row.end is End.KEPT and row.document_id]


def _selection_row(decision: Decision) -> SelectionRow:
    return SelectionRow(decision.sample_id, decision.end, decision.reason, decision.split, decision.cluster)


def _something_left(job: Job, shards: Sequence[str], ledger: Ledger) -> None:
    """Refuse to write a dataset without rows."""
    something_read(job.run.sources.read())
    samples_ = ledger.tally(Stage.SAMPLES)
    if samples_.kept:
        return
    reasons = samples_.dropped | samples_.failed or ledger.tally(Stage.REQUESTS).failed
    why = (
        ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in reasons.items())
        or "nothing was made"
    )
    outcomes = (outcome for shard in shards for outcome in job.run.samples.outcomes(shard))
    raise NothingLeft(f"no sample was kept ({why})", advice(samples(job.run, shards), job.settings, outcomes))
