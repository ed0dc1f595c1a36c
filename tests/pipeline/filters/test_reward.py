"""A reward model as the judge: its numbers become scores, and what is no such number sets a sample aside."""

import asyncio
from typing import Any

import pytest

from pipeline.curation import Curation
from pipeline.judging.rewards import Rewards
from schemas.errors import NeedsModel, SettingsError
from schemas.requests import Completion, Failure, FailureReason, Message, Reply, Request
from schemas.samples import Judged, Sample, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, sample_of

PASSAGE = passage_of(PUMP)
SAMPLE = sample_of("What does the P-100 move?", "It moves 420 litres per minute.", PASSAGE)
PAIR = sample_of(
    "What does the P-100 move?",
    "",
    PASSAGE,
    messages=(Message("user", "What does the P-100 move?"),),
    chosen=Message("assistant", "It moves 420 litres per minute."),
    rejected=Message("assistant", "It moves 240 litres per minute."),
)


def verdict(said: dict[str, Any] | FailureReason, sample: Sample = SAMPLE, **judge: Any) -> Verdict:
    """Return what comes of a model that says the same of each answer, or of each by what stands in it."""

    async def ask(request: Request) -> Completion:
        if isinstance(said, FailureReason):
            return Failure(request.id, said, "HTTP 500")
        assert request.answer_schema is not None
        answer = request.messages[-1].content
        told = next((value for words, value in said.items() if words in answer), said)
        return Reply(request.id, "", "reward", request.answer_schema.model_validate(told))

    settings = load_settings({"judge": {"kind": "reward", "model": "vllm/reward", **judge}})
    judged = Judged(sample)
    found = asyncio.run(Curation(settings, language_model=False).judge_with(judged, (PASSAGE,), ask))
    assert found.sample is sample
    return found.verdicts[-1]


def numbers(*values: float) -> dict[str, Any]:
    return {"values": list(values)}


@pytest.mark.parametrize(
    ("value", "scale", "score"),
    [
        (0.0, "logit", 0.5),
        (2.0, "logit", 0.8808),
        (-800.0, "logit", 0.0),
        (0.7, "probability", 0.7),
        (3.0, [0, 4], 0.75),
        (-5.0, [-20, 40], 0.25),
    ],
)
def test_a_number_becomes_a_score_by_its_scale(value: float, scale: object, score: float) -> None:
    found = verdict(numbers(value), scale=scale, min_score=0)
    assert (found.filter, found.keep) == ("reward", True)
    assert found.score == pytest.approx(score, abs=1e-4)
    assert found.detail == f"{value:.4g} from /classify"


def test_the_threshold_drops_what_is_rated_low() -> None:
    assert verdict(numbers(0.5)).keep
    assert verdict(numbers(0.3)).reason == "reward_low"
    assert verdict(numbers(0.3), min_score=0.5).keep


@pytest.mark.parametrize(
    ("said", "judge", "reason", "detail"),
    [
        (numbers(1.2), {"scale": "probability"}, "reward_out_of_scale", "1.2 is outside"),
        (numbers(-1), {"scale": [0, 4]}, "reward_out_of_scale", "outside judge.scale=[0, 4]"),
        (numbers(1, 2), {}, "reward_unreadable", "2 numbers where one was expected; set judge.label"),
        (numbers(1, 2), {"label": 2}, "reward_unreadable", "judge.label wants number 2"),
        ({"values": [], "problem": "a number that is not finite"}, {}, "reward_unreadable", "not finite"),
        (FailureReason.OVERLOAD, {}, "reward_failed", "overload: HTTP 500"),
        (FailureReason.MALFORMED, {}, "reward_unreadable", "malformed"),
    ],
)
def test_what_is_no_such_number_sets_the_sample_aside_with_its_reason(
    said: dict[str, Any] | FailureReason, judge: dict[str, Any], reason: str, detail: str
) -> None:
    found = verdict(said, **judge)
    assert (found.keep, found.reason, found.score) == (False, reason, None)
    assert detail in found.detail


def test_of_several_numbers_the_labelled_one_counts() -> None:
    assert verdict(numbers(-3, 3), label=1).keep
    assert verdict(numbers(-3, 3), label=0).reason == "reward_low"


def test_a_pairs_chosen_answer_must_be_rated_higher_than_its_rejected_one() -> None:
    assert verdict({"420": numbers(2), "240": numbers(1)}, PAIR).keep
    assert verdict({"420": numbers(2), "240": numbers(3)}, PAIR).reason == "rejected_is_better"
    assert verdict({"420": numbers(2), "240": numbers(2)}, PAIR).reason == "rejected_is_better"
    assert verdict({"420": numbers(-2), "240": numbers(-3)}, PAIR).reason == "reward_low"


def test_the_source_the_question_and_the_answer_are_what_the_model_sees() -> None:
    seen: list[Request] = []

    async def ask(request: Request) -> Completion:
        seen.append(request)
        assert request.answer_schema is not None
        return Reply(request.id, "", "reward", request.answer_schema(values=[3]))

    settings = load_settings({"judge": {"kind": "reward", "model": "vllm/reward", "jury": ["vllm/second"]}})
    curation = Curation(settings, language_model=False)
    found = asyncio.run(curation.judge_with(Judged(SAMPLE), (PASSAGE,), ask))
    assert [request.sampling.model for request in seen] == ["reward", "second"]
    [prompt, answer] = seen[0].messages
    assert PUMP in prompt.content
    assert prompt.content.endswith("What does the P-100 move?")
    assert (answer.role, answer.content) == ("assistant", SAMPLE.answer)
    assert found.verdicts[-1].axes[-1].score == 1.0  # the jury agrees


def test_where_the_source_is_too_long_the_surroundings_of_the_evidence_are_shown() -> None:
    asked: list[str] = []

    async def ask(request: Request) -> Completion:
        asked.append(request.messages[0].content)
        if len(asked) == 1:
            return Failure(request.id, FailureReason.CONTEXT_TOO_LONG)
        assert request.answer_schema is not None
        return Reply(request.id, "", "reward", request.answer_schema.model_validate(numbers(3)))

    long = passage_of(f"{'Long ago. ' * 2000}{PUMP}{' Much later.' * 2000}")
    quotes = ("The P-100 pump moves 420 litres per minute", "The warranty lasts 24 months")
    sample = sample_of("What does the P-100 move?", "420 litres per minute", long, quotes)
    settings = load_settings({"judge": {"kind": "reward", "model": "vllm/reward"}})
    curation = Curation(settings, language_model=False)
    assert asyncio.run(curation.judge_with(Judged(sample), (long,), ask)).keep
    whole, closer = asked
    assert len(whole) > 40_000 > 5_000 > len(closer)
    assert closer.count(PUMP) == 1  # surroundings that meet are shown once


def test_each_route_and_activation_is_a_request_of_its_own() -> None:
    ids = set()

    async def ask(request: Request) -> Completion:
        ids.add(request.id)
        assert request.answer_schema is not None
        assert issubclass(request.answer_schema, Rewards)
        return Reply(request.id, "", "reward", request.answer_schema(values=[1]))

    for route in ("score", "classify", "pooling"):
        for scale in ("logit", "probability", [0, 4]):
            judge = {"kind": "reward", "model": "vllm/reward", "route": route, "scale": scale}
            curation = Curation(load_settings({"judge": judge}), language_model=False)
            asyncio.run(curation.judge_with(Judged(SAMPLE), (PASSAGE,), ask))
    assert len(ids) == 6  # a changed scale of raw numbers asks nothing anew


@pytest.mark.parametrize(
    ("judge", "problem"),
    [
        ({"kind": "reward"}, "needs a model of its own"),
        ({"kind": "reward", "model": "vllm/r", "scale": [4, 0]}, r"judge\.scale.*\[0, 4\]"),
        ({"kind": "reward", "model": "vllm/r", "scale": "nan"}, "logit, probability"),
        ({"model": "vllm/r", "price": {"prompt": 1}}, "needs its completion too"),
        ({"kind": "rewards", "model": "vllm/r"}, "'chat' or 'reward'"),
    ],
)
def test_a_judge_that_cannot_be_is_named(judge: dict[str, object], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        load_settings({"judge": judge})


def test_filters_that_want_the_other_kind_of_judge_are_refused() -> None:
    reward = {"judge": {"kind": "reward", "model": "vllm/r"}, "filters": ["judge"]}
    with pytest.raises(SettingsError, match=r"'judge' asks a judge of kind chat, and judge\.kind is reward"):
        Curation(load_settings(reward), language_model=True)
    with pytest.raises(SettingsError, match=r"kind reward, and judge\.kind is chat"):
        Curation(load_settings({"filters": ["reward"]}), language_model=True)
    with pytest.raises(NeedsModel, match="judge"):
        Curation(load_settings({"filters": ["judge"]}), language_model=False)
