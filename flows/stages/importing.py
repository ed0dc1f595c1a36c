"""Datasets of others to candidates of a run, so that they are curated and exported as our own are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from itertools import islice
from pathlib import Path

from flows.stages.job import Job, fingerprint
from output.hub import is_hub_address
from output.importing import ImportedRow, dataset_files, import_dataset
from pipeline.store import SampleStore, SourceRow
from schemas.ledger import End, Outcome, Stage
from schemas.samples import Judged

PREFIX = "imported-"
UNREADABLE = "unreadable_row"
# A shard is judged in memory.
_SHARD_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a dataset's rows. `left_out` counts those that are no samples, by the problem."""

    samples: int
    left_out: dict[str, int]

    def as_text(self, out: str) -> str:
        """Return it for people, with what to do next."""
        left_out = [f"  left out {count:,}: {problem}" for problem, count in self.left_out.items()]
        told = f"{self.samples:,} samples imported; next: tunesmith curate --out {out}, then export"
        return "\n".join([told, *left_out])


def import_candidates(job: Job, address: str, format_name: str | None = None) -> Imported:
    """Store the rows of the dataset at `address` as candidates, in the place of what came from there before.

    A row that is no sample ends in the ledger as a failure, with its place and what is wrong with it.

    Raises:
        SourceNotFound: there is no dataset at `address`, or a file of it is damaged.
        SettingsError: no format recognises the rows.
    """
    place = address if is_hub_address(address) else str(Path(address).resolve())
    dataset = f"{PREFIX}{fingerprint({'address': place})}-"
    earlier = {shard for shard in imported_shards(job.run.candidates) if shard.startswith(dataset)}
    samples, left_out, shards = 0, Counter[str](), set[str]()
    rows = import_dataset(address, format_name)
    while batch := list(islice(rows, _SHARD_ROWS)):
        job.stop.check()
        outcomes = [_outcome(row) for row in batch]
        judged = [Judged(row.judged.sample) for row in batch if row.judged]
        shard = dataset + fingerprint({"rows": [_identity(row) for row in batch]})
        job.run.candidates.write(shard, judged, outcomes)
        shards.add(shard)
        samples += len(judged)
        left_out.update(row.problem for row in batch if row.judged is None)
    for shard in earlier - shards:
        job.run.candidates.remove(shard)
    _enter_source(job, address)
    return Imported(samples, dict(left_out.most_common()))


def imported_shards(candidates: SampleStore) -> list[str]:
    """Return the shards of candidates that were imported, in a lasting order."""
    return [shard for shard in candidates.shards() if shard.startswith(PREFIX)]


def _identity(row: ImportedRow) -> str:
    """Return what tells a row from others, so that a changed dataset is judged anew."""
    return row.problem if row.judged is None else row.judged.sample.id


def _outcome(row: ImportedRow) -> Outcome:
    """Return how a row ended: it stands where a made sample's request would."""
    if row.judged is not None:
        return Outcome(Stage.REQUESTS, row.place, End.KEPT)
    return Outcome(Stage.REQUESTS, row.place, End.FAILED, UNREADABLE, row.problem)


def _enter_source(job: Job, address: str) -> None:
    """Name the dataset's files among the run's sources."""
    added = list(_source_rows(address))
    uris = {row.uri for row in added}
    job.run.sources.write([*(row for row in job.run.sources.read() if row.uri not in uris), *added])


def _source_rows(address: str) -> Iterator[SourceRow]:
    for path in dataset_files(address):
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        uri = f"{address}/{path.name}" if is_hub_address(address) else str(path)
        yield SourceRow(uri, digest, "", path.stat().st_size, None, End.KEPT)
