"""Checks whose model cannot take all of a source see whole blocks around the evidence, and say so."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.filters.agreement import OwnAnswer
from pipeline.filters.choices import RightChoices
from pipeline.filters.judge import ClaimVerdict, Judgement
from pipeline.judging.answers import IN_PART
from pipeline.judging.pairwise import Choice
from schemas.requests import Completion, Failure, FailureReason, Message, Reply, Request, Sampling
from schemas.samples import Sample, Verdict
from tests.pipeline.curated import PUMP, judge, sample_of
from tests.pipeline.written import whole, written

QUOTE = "moves 420 litres per minute"
FILLING = [
    f"Paragraph {number} tells of the weather at sea and nothing else. " * 4 + "So it is."
    for number in range(200)
]
LONG = whole(written(*FILLING[:100], PUMP, *FILLING[100:]))
JUDGEMENT = Judgement(
    claims=[ClaimVerdict(claim=1, verdict="supported", quote=QUOTE)],
    relevant=5,
    clear=5,
    useful=5,
    difficulty=2,
)


def verdict(name: str, window: int, reply: BaseModel, **changes: Any) -> tuple[Verdict, list[str]]:
    """Return what a filter says whose model takes so many characters, and what it was shown."""
    shown: list[str] = []

    async def ask(request: Request) -> Completion:
        text = "\n".join(message.content for message in request.messages)
        shown.append(text)
        if len(text) > window:
            return Failure(request.id, FailureReason.CONTEXT_TOO_LONG)
        return Reply(request.id, "", "scripted", reply)

    sample = sample_of("What does the P-100 move?", "420 litres per minute", LONG, (QUOTE,), **changes)
    return asyncio.run(judge(name, Sampling("m")).judge_with(sample, (LONG,), ask)), shown


QUIZ = (
    Message("user", "What does it move?\nA. 420 litres\nB. 3 litres"),
    Message("assistant", "A. 420 litres"),
)


@pytest.mark.parametrize(
    ("name", "reply", "changes"),
    [
        ("judge", JUDGEMENT, {}),
        ("agreement", OwnAnswer(answer="420 litres per minute"), {"reasoning": "It is stated."}),
        ("choices", RightChoices(letters=["A"]), {"messages": QUIZ}),
    ],
)
def test_what_stands_around_the_evidence_is_shown_in_whole_blocks(
    name: str, reply: BaseModel, changes: dict[str, Any]
) -> None:
    found, shown = verdict(name, 8_000, reply, **changes)
    assert found.keep
    assert IN_PART in found.detail
    assert len(shown[-1]) < 8_000 < 50_000 < len(shown[0])
    assert PUMP in shown[-1]
    parts = (part.partition("\n</material")[0] for part in shown[-1].split("\n\n"))
    around = [part for part in parts if part.startswith("Paragraph")]
    assert len(around) > 5
    assert all(part in FILLING for part in around)


def test_a_pair_is_compared_over_the_part_that_fits() -> None:
    answers = ("420 litres per minute", "3 litres")
    pair = {
        "messages": (Message("user", "What does the P-100 move?"),),
        "chosen": Message("assistant", answers[0]),
        "rejected": Message("assistant", answers[1]),
    }
    found, shown = verdict("pairwise", 8_000, Choice(better="first"), **pair)
    assert found.reason == "order_decides"
    assert PUMP in shown[-1]


def test_a_judge_that_takes_less_is_shown_less() -> None:
    wide, shown_wide = verdict("judge", 8_000, JUDGEMENT)
    close, shown_close = verdict("judge", 3_500, JUDGEMENT)
    assert wide.keep
    assert close.keep
    assert len(shown_close[-1]) < len(shown_wide[-1])
    assert PUMP in shown_close[-1]


def test_where_even_the_evidence_does_not_fit_the_outcome_says_why() -> None:
    found, shown = verdict("judge", 100, JUDGEMENT)
    assert (found.reason, found.detail) == ("judge_failed", "context_too_long")
    assert len(shown) == len(set(shown)) <= 4


def test_a_source_that_fits_is_shown_whole_and_nothing_is_said_of_parts() -> None:
    found, shown = verdict("judge", 10**6, JUDGEMENT)
    assert found.keep
    assert len(shown) == 1
    assert IN_PART not in found.detail


def test_without_evidence_there_is_no_part_to_show() -> None:
    found, shown = verdict("judge", 8_000, JUDGEMENT, evidence=())
    assert found.reason == "judge_failed"
    assert len(shown) == 1


def test_each_of_a_jury_says_what_it_was_shown() -> None:
    async def ask(request: Request) -> Completion:
        text = "\n".join(message.content for message in request.messages)
        if len(text) > 8_000 and request.sampling.model == "small":
            return Failure(request.id, FailureReason.CONTEXT_TOO_LONG)
        return Reply(request.id, "", request.sampling.model, JUDGEMENT)

    sample: Sample = sample_of("What does the P-100 move?", "420 litres per minute", LONG, (QUOTE,))
    built = judge("judge", Sampling("large"), jury=("small",))
    found = asyncio.run(built.judge_with(sample, (LONG,), ask))
    assert f"small: kept 1.00 ({IN_PART})" in found.detail
    assert "large: kept 1.00;" in found.detail
