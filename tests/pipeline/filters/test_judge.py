import asyncio
from typing import Literal

import pytest

from pipeline.filters.judge import ClaimVerdict, Judgement
from schemas.answers import Answer
from schemas.contracts import Ask
from schemas.requests import Completion, Failure, FailureReason, Reply, Request, Sampling
from schemas.samples import Verdict
from tests.pipeline.curated import PUMP, judge, passage_of, replying, sample_of

PASSAGE = passage_of(PUMP)
SAMPLE = sample_of("What does the P-100 move?", "It moves 420 litres per minute. It runs at 6 bar.", PASSAGE)
QUOTE = "moves 420 litres per minute at 6 bar"


def verdict(ask: Ask, **options: object) -> Verdict:
    built = judge("judge", Sampling("judge", temperature=0.0), **options)
    return asyncio.run(built.judge_with(SAMPLE, (PASSAGE,), ask))


class Foreign(Answer):
    question: str
    answer: str


def judgement(
    *claims: tuple[int, Literal["supported", "contradicted", "unsupported"], str], points: int = 5
) -> Judgement:
    found = [ClaimVerdict(claim=number, verdict=word, quote=quote) for number, word, quote in claims]
    return Judgement(claims=found, relevant=points, clear=points, useful=points, difficulty=2)


def test_a_borne_out_answer_is_kept_with_its_axes() -> None:
    found = verdict(replying(judgement((1, "supported", QUOTE), (2, "supported", QUOTE))))
    assert found.keep
    assert found.score == 1.0
    assert {axis.name for axis in found.axes} == {"supported", "relevant", "clear", "useful", "difficulty"}


TWICE: tuple[tuple[int, Literal["supported", "unsupported"], str], ...] = (
    (2, "supported", QUOTE),
    (2, "unsupported", ""),
)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (judgement((1, "supported", QUOTE)), "judge_unsupported"),
        (judgement((1, "supported", QUOTE), (2, "supported", "runs at 9 bar")), "judge_unsupported"),
        (judgement((1, "supported", QUOTE), (2, "supported", "")), "judge_unsupported"),
        (judgement((1, "supported", QUOTE), (2, "contradicted", QUOTE)), "judge_contradicted"),
        (judgement((1, "supported", QUOTE), *TWICE), "judge_unsupported"),
        (judgement((7, "supported", QUOTE), (8, "supported", QUOTE)), "judge_unsupported"),
        (judgement((1, "supported", QUOTE), (2, "supported", QUOTE), points=2), "judge_score_low"),
    ],
)  # fmt: skip
def test_what_is_not_borne_out_is_dropped(reply: Judgement, reason: str) -> None:
    assert verdict(replying(reply)).reason == reason


def test_an_unreadable_reply_is_asked_for_once_more_with_another_seed() -> None:
    seeds = []

    async def ask(request: Request) -> Completion:
        seeds.append(request.sampling.seed)
        return Reply(request.id, "nine out of ten", "judge")

    assert verdict(ask).reason == "judge_unreadable"
    assert seeds == [0, 1]


def test_a_failure_is_no_verdict() -> None:
    found = verdict(replying(Failure("0", FailureReason.TIMEOUT)))
    assert found.reason == "judge_failed"
    assert found.score is None


def test_a_score_beyond_the_scale_cannot_be_read() -> None:
    malformed = Failure("0", FailureReason.MALFORMED)
    good = judgement((1, "supported", QUOTE), (2, "supported", QUOTE))
    assert verdict(replying(malformed)).reason == "judge_unreadable"
    assert verdict(replying(malformed, good)).keep


def test_the_source_is_fenced_and_the_example_too() -> None:
    seen: list[Request] = []

    async def ask(request: Request) -> Completion:
        seen.append(request)
        return Failure(request.id, FailureReason.TIMEOUT)

    verdict(ask)
    assert f"<material-{PASSAGE.document.id}>" in seen[0].messages[1].content
    assert f"<example-{SAMPLE.id}>" in seen[0].messages[-1].content
    assert "2. It runs at 6 bar." in seen[0].messages[-1].content
    assert seen[0].recipe == "judge"
    assert "You write" not in seen[0].messages[0].content


def test_a_judge_that_echoes_other_text_gives_no_verdict() -> None:
    async def ask(request: Request) -> Completion:
        return Reply(
            request.id, request.messages[-1].content, "judge", Foreign(question="Who?", answer="No one")
        )

    assert verdict(ask).reason == "judge_unreadable"


def test_quotes_from_elsewhere_support_nothing() -> None:
    echo = "It moves 420 litres per minute. It runs at 6 bar."  # the example's words, not the source's
    assert verdict(replying(judgement((1, "supported", echo), (2, "supported", echo)))).score == 0.0
