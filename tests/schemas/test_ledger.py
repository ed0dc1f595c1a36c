import pytest

from schemas.errors import LedgerMismatch
from schemas.ledger import End, Ledger, Outcome, Stage


def test_in_is_kept_and_dropped_and_failed() -> None:
    ledger = Ledger()
    ledger.record_all(
        [
            Outcome(Stage.SAMPLES, "a", End.KEPT),
            Outcome(Stage.SAMPLES, "b", End.DROPPED, "too_short"),
            Outcome(Stage.SAMPLES, "c", End.DROPPED, "too_short"),
            Outcome(Stage.SAMPLES, "d", End.FAILED, "judge_failed"),
        ]
    )
    ledger.check()
    tally = ledger.tally(Stage.SAMPLES)
    assert (tally.entered, tally.kept, tally.dropped, tally.failed) == (
        4,
        1,
        {"too_short": 2},
        {"judge_failed": 1},
    )


def test_an_item_that_disappears_is_found() -> None:
    ledger = Ledger()
    ledger.enter(Stage.REQUESTS, 3)
    ledger.record(Outcome(Stage.REQUESTS, "a", End.KEPT))
    with pytest.raises(LedgerMismatch, match="requests: 3 went in, 1 ended"):
        ledger.check()


def test_an_item_that_ends_twice_is_found() -> None:
    ledger = Ledger()
    ledger.enter(Stage.SOURCES)
    ledger.record(Outcome(Stage.SOURCES, "a", End.KEPT))
    ledger.record(Outcome(Stage.SOURCES, "a", End.DROPPED, "again"))
    with pytest.raises(LedgerMismatch):
        ledger.check()
