import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.judging.pairwise import Choice
from schemas.requests import Completion, Failure, FailureReason, Message, Reply, Request, Sampling
from schemas.samples import Sample, Verdict
from tests.pipeline.curated import PUMP, judge, passage_of, sample_of

PASSAGE = passage_of(PUMP)
PAIR = replace(
    sample_of("What does the P-100 move?", "", PASSAGE),
    messages=(Message("user", "What does the P-100 move?"),),
    chosen=Message("assistant", "It moves 420 litres per minute."),
    rejected=Message("assistant", "It moves 460 litres per minute."),
)
Answers = Callable[[str], Choice | FailureReason]


def verdict(answers: Answers, sample: Sample = PAIR, **options: object) -> Verdict:
    async def ask(request: Request) -> Completion:
        said = answers(request.messages[-1].content)
        if isinstance(said, FailureReason):
            return Failure(request.id, said)
        return Reply(request.id, said.model_dump_json(), "judge", said)

    built = judge("pairwise", Sampling("judge"), **options)
    return asyncio.run(built.judge_with(sample, (PASSAGE,), ask))


def knowing(said: str) -> Choice:
    return Choice(better="first" if "First answer: It moves 420" in said else "second")


def misled(said: str) -> Choice:
    return Choice(better="second" if "First answer: It moves 420" in said else "first")


def test_a_pair_whose_chosen_answer_wins_in_both_orders_is_kept() -> None:
    found = verdict(knowing)
    assert found.keep
    assert found.score == 1.0


@pytest.mark.parametrize(
    ("answers", "reason", "score"),
    [
        (misled, "rejected_is_better", 0.0),
        (lambda _: Choice(better="first"), "order_decides", 0.5),
        (lambda _: Choice(better="second"), "order_decides", 0.5),
        (lambda _: Choice(better="tie"), "answers_tie", 0.5),
        (lambda _: FailureReason.OVERLOAD, "pairwise_failed", None),
        (lambda _: FailureReason.TRUNCATED, "pairwise_unreadable", None),
    ],
)
def test_any_other_pair_is_dropped_with_its_reason(
    answers: Answers, reason: str, score: float | None
) -> None:
    found = verdict(answers)
    assert (found.keep, found.reason, found.score) == (False, reason, score)


def test_a_sample_without_a_pair_passes_unasked() -> None:
    def never(said: str) -> Choice:
        raise AssertionError(said)

    assert verdict(never, sample_of("What is it?", "A pump", PASSAGE)).keep


def test_a_jury_votes_on_pairs_too() -> None:
    assert verdict(knowing, jury=["other", "third"]).score == 1.0
