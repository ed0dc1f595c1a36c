"""Judged samples to a dataset: select, write, account for everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.stages.job import Job
from flows.stages.record import finish
from output.writing import write_dataset
from pipeline.select import Decision, select
from pipeline.store import SelectionRow
from schemas.ledger import End, Ledger, Outcome, Stage
from schemas.manifest import DatasetFile
from schemas.samples import Judged, Selected


@dataclass(frozen=True, slots=True)
class Exported:
    """What a run came to."""

    dataset: Path
    files: tuple[DatasetFile, ...]
    ledger: Ledger


def export(job: Job, shards: list[str]) -> Exported:
    """Select among the samples of `shards`, write the dataset, and prove that nothing disappeared.

    Raises:
        NothingLeft: no document could be read, or no sample was kept; says what to change.
        LedgerMismatch: the program lost something.
        RunFolderError: the dataset cannot be written.
    """
    decisions = select(lambda: samples(job, shards), job.settings)
    job.run.selection.write(_selection_row(decision) for decision in decisions.values())
    ledger = account(job, shards, decisions)
    ledger.check()
    files = write_dataset(lambda: selected(job, shards, decisions), job.run.dataset, job.settings)
    finish(job, ledger, files)
    return Exported(job.run.dataset, files, ledger)


def samples(job: Job, shards: list[str]) -> Iterator[Judged]:
    """Yield every sample of `shards` once: rounds may come upon the same one again."""
    seen: set[str] = set()
    for shard in shards:
        for judged in job.run.samples.read(shard):
            if judged.sample.id not in seen:
                seen.add(judged.sample.id)
                yield judged


def selected(job: Job, shards: list[str], decisions: dict[str, Decision]) -> Iterator[Selected]:
    """Yield the samples that go into the dataset."""
    for judged in samples(job, shards):
        decision = decisions[judged.sample.id]
        if decision.split is not None:
            yield Selected(judged, decision.split, decision.cluster)


def count_accepted(job: Job, shards: list[str]) -> int:
    """Return how many samples would go into the dataset now."""
    decisions = select(lambda: samples(job, shards), job.settings)
    return sum(decision.end is End.KEPT for decision in decisions.values())


def account(job: Job, shards: list[str], decisions: dict[str, Decision]) -> Ledger:
    """Return how every source, request and sample ended."""
    ledger = Ledger()
    ledger.record_all(
        Outcome(Stage.SOURCES, row.uri, row.end, row.reason, row.detail) for row in job.run.sources.read()
    )
    for shard in shards:
        ledger.record_all(job.run.samples.outcomes(shard))
    ledger.enter(Stage.SAMPLES, sum(1 for _ in samples(job, shards)))
    for decision in decisions.values():
        ledger.record(Outcome(Stage.SAMPLES, decision.sample_id, decision.end, decision.reason))
    return ledger


def _selection_row(decision: Decision) -> SelectionRow:
    return SelectionRow(decision.sample_id, decision.end, decision.reason, decision.split, decision.cluster)
