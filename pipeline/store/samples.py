"""Samples with their verdicts, and how the requests that made them ended."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.places import Place
from pipeline.store.shards import Shards
from pipeline.store.tables import Derived, Table
from pipeline.store.whole_files import whole_file
from schemas.ledger import Outcome
from schemas.samples import Judged

SAMPLES = Table(
    Judged,
    spread="sample",
    derived={
        "id": Derived(str, lambda judged: judged.sample.id),
        "keep": Derived(bool, lambda judged: judged.keep),
        "reason": Derived(str, lambda judged: judged.reason),
        "score": Derived(float, lambda judged: judged.score),
    },
)
OUTCOMES = Table(Outcome, batch_rows=4096)


class SampleStore:
    """Samples by shard. Outcomes stand in a folder of their own, so that each folder holds one table."""

    def __init__(self, folder: Place) -> None:
        self._samples = Shards(folder)
        self._outcomes = Shards(folder / "outcomes")

    def done(self, shard: str) -> bool:
        """Whether the shard is there. What is there is whole."""
        return self._samples.path(shard).exists()

    def write(self, shard: str, judged: Iterable[Judged], outcomes: Sequence[Outcome] = ()) -> None:
        """Store a shard and how its requests ended. An earlier one of this name is replaced.

        The samples come last and make the shard done, so that a killed writer leaves none rather than half.

        Raises:
            RunFolderError: the disk is full, or the folder cannot be written.
        """
        with whole_file(self._samples.path(shard)) as aside:
            SAMPLES.fill(aside, judged)
            self.remove(shard)
            OUTCOMES.write(self._outcomes.path(shard), outcomes)

    def read(self, shard: str) -> Iterator[Judged]:
        """Yield the shard's samples with their verdicts, a batch in memory at a time.

        Raises:
            RunFolderError: the shard is gone or damaged.
        """
        return SAMPLES.read(self._samples.path(shard))

    def outcomes(self, shard: str) -> Iterator[Outcome]:
        """Yield how the shard's requests ended.

        Raises:
            RunFolderError: the shard is gone or damaged.
        """
        return OUTCOMES.read(self._outcomes.path(shard))

    def shards(self) -> list[str]:
        """Return the names of all shards, sorted."""
        return self._samples.names()

    def remove(self, shard: str) -> None:
        """Remove a shard, if it is there, with its outcomes."""
        self._samples.remove(shard)
        self._outcomes.remove(shard)
