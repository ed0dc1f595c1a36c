"""Which samples and lost items a report shows: a few for each reason, and some rows of the dataset."""

from collections.abc import Mapping
from typing import Protocol

from output.report.facts import Excerpt, Loss, Pair, Shown
from output.report.reservoir import Reservoir
from output.report.showing import Spans, shown, spans_by_document
from schemas.ledger import End, Outcome, Stage, Tally
from schemas.samples import Judged, Split

EXAMPLES_PER_REASON = 3
ROWS_SHOWN = 24


class Decided(Protocol):
    """How one sample ended. `split` is None for one that is not in the dataset."""

    @property
    def end(self) -> End:
        """Kept, dropped or failed."""
        ...

    @property
    def reason(self) -> str:
        """The ledger's word, empty when kept."""
        ...

    @property
    def split(self) -> Split | None:
        """The part of the dataset that the sample went to."""
        ...


Why = tuple[Stage, End, str]
Excerpts = Mapping[Spans, tuple[Excerpt, ...]]


class Examples:
    """A few items for each way to end, chosen while they pass by. `seed` repeats the choice."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rows: Reservoir[tuple[Judged, str]] = Reservoir(ROWS_SHOWN, f"{seed} rows")
        self._samples: dict[Why, Reservoir[Judged]] = {}
        self._items: dict[Why, Reservoir[Pair]] = {}

    def add(self, judged: Judged, decision: Decided) -> None:
        """Perhaps hold a sample, to be shown."""
        if decision.split is not None:
            self._rows.offer((judged, decision.split.value))
        elif decision.end is not End.KEPT:
            why = (Stage.SAMPLES, decision.end, decision.reason)
            self._samples.setdefault(why, Reservoir(EXAMPLES_PER_REASON, self._seed_of(why))).offer(judged)

    def add_outcome(self, outcome: Outcome) -> None:
        """Perhaps hold a source or request that was lost, to be named."""
        if outcome.end is not End.KEPT:
            why = (outcome.stage, outcome.end, outcome.reason)
            chosen = self._items.setdefault(why, Reservoir(EXAMPLES_PER_REASON, self._seed_of(why)))
            chosen.offer(Pair(outcome.item, outcome.detail))

    def evidence(self) -> dict[str, list[Spans]]:
        """Return the evidence that will be shown, by document."""
        wanted: dict[str, list[Spans]] = {}
        chosen = [judged for reservoir in self._samples.values() for judged in reservoir.items]
        for judged in [*chosen, *(judged for judged, _ in self._rows.items)]:
            for document_id, spans in spans_by_document(judged.sample).items():
                wanted.setdefault(document_id, []).append(spans)
        return wanted

    def rows(self, excerpts: Excerpts) -> tuple[Shown, ...]:
        """Return the rows to show."""
        return tuple(shown(judged, split, excerpts) for judged, split in self._rows.items)

    def losses(self, ledger: Mapping[Stage, Tally], excerpts: Excerpts) -> tuple[Loss, ...]:
        """Return why items were lost, by stage, the commonest reasons first."""
        return tuple(
            self._loss((stage, end, reason), count, excerpts)
            for stage, tally in ledger.items()
            for end, reasons in ((End.DROPPED, tally.dropped), (End.FAILED, tally.failed))
            for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])
        )

    def _loss(self, why: Why, count: int, excerpts: Excerpts) -> Loss:
        samples = self._samples[why].items if why in self._samples else []
        items = self._items[why].items if why in self._items else []
        return Loss(*why, count, tuple(shown(judged, "", excerpts) for judged in samples), tuple(items))

    def _seed_of(self, why: Why) -> str:
        return " ".join([str(self._seed), *why])
