import asyncio

from schemas.requests import Completion, Failure, FailureReason, Reply, Sampling
from schemas.samples import Verdict
from tests.pipeline.curated import PUMP, judge, passage_of, replying, sample_of

PASSAGE = passage_of(PUMP)
SAMPLE = sample_of("How much does the P-100 pump move?", "420 litres per minute", PASSAGE)


def verdict(completion: Completion, *, mark: bool = False) -> Verdict:
    built = judge("closed_book", Sampling("base"), mark=mark)
    return asyncio.run(built.judge_with(SAMPLE, (PASSAGE,), replying(completion)))


def test_what_the_model_knows_already_is_dropped_or_marked() -> None:
    known = Reply("0", "The P-100 moves 420 litres per minute.", "base")
    assert verdict(known).reason == "known_without_document"
    assert verdict(known, mark=True).keep


def test_what_it_does_not_know_is_kept() -> None:
    assert verdict(Reply("0", "unknown", "base")).keep
    assert verdict(Reply("0", "It moves 500 litres per minute.", "base")).keep


def test_a_failure_is_named() -> None:
    assert verdict(Failure("0", FailureReason.OVERLOAD)).reason == "closed_book_failed"
