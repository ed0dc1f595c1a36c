"""The ledger: every source, request and sample ends in exactly one named outcome."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from schemas.errors import LedgerMismatch


class Stage(StrEnum):
    """What is counted."""

    SOURCES = "sources"
    REQUESTS = "requests"
    SAMPLES = "samples"


class End(StrEnum):
    """How an item ended."""

    KEPT = "kept"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one item ended. `reason` is a stable snake_case word, empty when kept; `detail` is for people."""

    stage: Stage
    item: str
    end: End
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """One stage's sums: in = kept + dropped(reason) + failed(reason)."""

    entered: int
    kept: int
    dropped: dict[str, int]
    failed: dict[str, int]


class Ledger:
    """Counts outcomes as they come. Items may be many, so only sums are held."""

    def __init__(self) -> None:
        self._entered: Counter[Stage] = Counter()
        self._ends: Counter[tuple[Stage, End, str]] = Counter()

    def enter(self, stage: Stage, count: int = 1) -> None:
        """Note that `count` items came in."""
        self._entered[stage] += count

    def record(self, outcome: Outcome) -> None:
        """Note how one item ended."""
        self._ends[outcome.stage, outcome.end, outcome.reason] += 1

    def record_all(self, outcomes: Iterable[Outcome]) -> None:
        """Note items that came in and ended."""
        for outcome in outcomes:
            self.enter(outcome.stage)
            self.record(outcome)

    def tally(self, stage: Stage) -> Tally:
        """Return one stage's sums, reasons with the most items first."""
        by_end: dict[End, dict[str, int]] = {end: {} for end in End}
        for (of, end, reason), count in self._ends.most_common():
            if of is stage:
                by_end[end][reason] = by_end[end].get(reason, 0) + count
        kept = sum(by_end[End.KEPT].values())
        return Tally(self._entered[stage], kept, by_end[End.DROPPED], by_end[End.FAILED])

    def check(self) -> None:
        """Prove that nothing disappeared.

        Raises:
            LedgerMismatch: a stage's items do not add up.
        """
        for stage in Stage:
            tally = self.tally(stage)
            ended = tally.kept + sum(tally.dropped.values()) + sum(tally.failed.values())
            if ended != tally.entered:
                raise LedgerMismatch(stage.value, tally.entered, ended)
