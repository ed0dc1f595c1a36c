"""What nobody should send, and somebody will."""

import asyncio
import math
import time

import pytest

from pipeline.curation import Curation
from pipeline.select import select
from schemas.contracts import Ask, FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.errors import EndpointError
from schemas.ledger import End
from schemas.registry import filters
from schemas.requests import Failure, FailureReason
from schemas.samples import Judged, Sample, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, replying, rule, sample_of

PASSAGE = passage_of(PUMP)
QUESTION = "How much does the P-100 pump move per minute?"


def test_an_answer_of_ten_megabytes_is_dropped_at_once() -> None:
    curation = Curation(load_settings(), language_model=False)
    started = time.process_time()
    assert (
        curation.judge(sample_of(QUESTION, "x" * 10_000_000, PASSAGE), (PASSAGE,)).reason == "answer_too_long"
    )
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", ["arithmetic", "support", "form", "injection", "personal_data"])
@pytest.mark.parametrize("piece", [" ", "1 + 2 = 3; ", "The P-100 pump moves 420 litres. ", "<b>", "`a"])
def test_time_grows_no_faster_than_an_answer(name: str, piece: str) -> None:
    built = rule(name)
    sample = sample_of(QUESTION, f"{piece * (200_000 // len(piece))}a", PASSAGE, ("420 litres",))
    started = time.process_time()
    built.judge(sample, (PASSAGE,))
    assert time.process_time() - started < 3  # where time grew with the square, it took minutes


class Odd:
    """Gives whatever score it is told to."""

    score = 0.0

    def __init__(self, setup: FilterSetup) -> None:
        del setup

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        del sample, passages
        return Verdict("odd", keep=True, score=self.score)


@pytest.mark.parametrize("score", [math.nan, math.inf, -0.1, 1.1, 10.0])
def test_a_score_that_is_no_share_is_a_failure_of_its_filter(score: float) -> None:
    class Odder(Odd):
        pass

    Odder.score = score
    filters.add("odd", FilterEntry(Odder, "gives odd scores"))
    curation = Curation(load_settings({"filters": ["odd"]}), language_model=False)
    judged = curation.judge(sample_of(QUESTION, "420 litres", PASSAGE), (PASSAGE,))
    assert judged.reason == "filter_failed"
    assert judged.score == 1.0
    decision = select(lambda: [judged], load_settings())[judged.sample.id]
    assert (decision.end, decision.reason) == (End.FAILED, "filter_failed")


class Raising(Odd):
    """Cannot do with what it is given."""

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        raise KeyError(sample.answer)


class Nodding(Odd):
    """Answers in a way of its own."""

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        return True  # type: ignore[return-value]  # that is what is odd


class Asking(Odd):
    """Raises what it is told to while it asks."""

    error: Exception = ValueError("no such thing")

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        raise self.error


@pytest.mark.parametrize(
    ("filter_", "detail"),
    [
        (Raising, "strange raised KeyError: '420 litres'"),
        (Nodding, "strange returned bool, and no verdict"),
        (Asking, "strange raised ValueError: no such thing"),
    ],
)
def test_a_filter_that_breaks_loses_one_sample_and_not_the_run(filter_: type[Odd], detail: str) -> None:
    filters.add("strange", FilterEntry(filter_, "breaks"))
    curation = Curation(load_settings({"filters": ["strange"]}), language_model=False)
    sample = sample_of(QUESTION, "420 litres", PASSAGE)
    judged = curation.judge(sample, (PASSAGE,))
    judged = asyncio.run(
        curation.judge_with(judged, (PASSAGE,), replying(Failure("0", FailureReason.TIMEOUT)))
    )
    assert (judged.reason, judged.verdicts[-1].detail) == ("filter_failed", detail)


def test_an_error_that_ends_the_run_is_not_a_filters_own() -> None:
    class Stopped(Asking):
        error = EndpointError("http://x/v1", "no such model", "check the model's name")

    filters.add("stopped", FilterEntry(Stopped, "ends the run"))
    curation = Curation(load_settings({"filters": ["stopped"]}), language_model=False)
    judged = Judged(sample_of(QUESTION, "420 litres", PASSAGE))
    with pytest.raises(EndpointError):
        asyncio.run(curation.judge_with(judged, (PASSAGE,), replying(Failure("0", FailureReason.TIMEOUT))))


def test_a_row_without_evidence_is_dropped_by_name() -> None:
    sample = sample_of(QUESTION, "420 litres per minute", PASSAGE, evidence=(), unlocated=())
    judged = Curation(load_settings(), language_model=False).judge(sample, (PASSAGE,))
    assert judged.reason == "no_evidence"


def test_a_threshold_that_keeps_nothing_gives_each_sample_its_reason() -> None:
    items = [
        Judged(sample_of(f"What is item {n}?", f"Value {n}", PASSAGE), (Verdict("judge", True, score=0.9),))
        for n in range(5)
    ]
    decisions = select(lambda: items, load_settings({"select": {"min_score": 0.95}}))
    assert {decision.reason for decision in decisions.values()} == {"score_below_minimum"}
    assert len(decisions) == len(items)


def test_scripts_may_mix() -> None:
    text = "The P-100 pump, насос, 泵 and ปั๊ม, moves 420 litres per minute."
    passage = passage_of(text)
    sample = sample_of(QUESTION, "The насос (泵, ปั๊ม) moves 420 litres per minute.", passage)
    assert Curation(load_settings(), language_model=False).judge(sample, (passage,)).keep
