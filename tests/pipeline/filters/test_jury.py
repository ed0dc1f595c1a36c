import asyncio
from collections.abc import Mapping

import pytest

from pipeline.curation import Curation
from pipeline.filters.judge import ClaimVerdict, Judgement
from schemas.contracts import Ask
from schemas.errors import SettingsError
from schemas.requests import Completion, Failure, FailureReason, Reply, Request
from schemas.samples import Judged, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, sample_of

PASSAGE = passage_of(PUMP)
SAMPLE = sample_of("What does the P-100 move?", "It moves 420 litres per minute.", PASSAGE)
QUOTE = "The P-100 pump moves 420 litres per minute"


def points(given: int) -> Judgement:
    found = [ClaimVerdict(claim=1, verdict="supported", quote=QUOTE)]
    return Judgement(claims=found, relevant=given, clear=given, useful=given, difficulty=1)


def models(replies: Mapping[str, Judgement | FailureReason]) -> Ask:
    async def ask(request: Request) -> Completion:
        said = replies[request.sampling.model]
        if isinstance(said, FailureReason):
            return Failure(request.id, said)
        return Reply(request.id, said.model_dump_json(), request.sampling.model, said)

    return ask


def decided(replies: Mapping[str, Judgement | FailureReason], decide: str = "majority") -> Verdict:
    judge, *jury = replies
    settings = load_settings(
        {"model": "vllm/x", "judge": {"model": f"vllm/{judge}", "jury": jury, "decide": decide}}
    )
    curation = Curation(settings, language_model=True)
    return asyncio.run(curation.judge_with(Judged(SAMPLE), (PASSAGE,), models(replies))).verdicts[-1]


def agreement(verdict: Verdict) -> float:
    return next(axis.score for axis in verdict.axes if axis.name == "agreement")


def test_a_majority_keeps_and_its_agreement_is_stored() -> None:
    found = decided({"one": points(5), "two": points(4), "three": points(2)})
    assert found.keep
    assert found.score == 0.75
    assert agreement(found) == pytest.approx(2 / 3)
    assert "three: judge_score_low 0.25" in found.detail


def test_one_vote_against_is_enough_for_the_minimum() -> None:
    found = decided({"one": points(5), "two": points(5), "three": points(2)}, "minimum")
    assert found.reason == "judge_score_low"
    assert found.score == 0.25
    assert agreement(found) == pytest.approx(1 / 3)


def test_a_tie_is_no_majority() -> None:
    assert decided({"one": points(5), "two": points(1)}).reason == "judge_score_low"


def test_a_juror_without_a_reply_is_neither_for_nor_against() -> None:
    lost = FailureReason.TIMEOUT
    assert decided({"one": points(5), "two": lost, "three": points(5)}).keep
    assert decided({"one": points(1), "two": lost, "three": points(1)}).reason == "judge_score_low"
    undecided = decided({"one": points(5), "two": lost, "three": points(1)})
    assert undecided.reason == "judge_failed"
    assert undecided.score is None
    assert decided({"one": points(5), "two": lost, "three": points(5)}, "minimum").reason == "judge_failed"


def test_no_reply_at_all_sets_the_sample_aside() -> None:
    lost = FailureReason.MALFORMED
    assert decided({"one": lost, "two": lost, "three": lost}).reason == "judge_unreadable"


def test_all_jurors_are_asked_the_same_at_one_endpoint() -> None:
    seen: dict[str, Request] = {}

    async def ask(request: Request) -> Completion:
        seen[request.sampling.model] = request
        return Failure(request.id, FailureReason.TIMEOUT)

    judge = {"model": "openrouter/meta-llama/scout", "jury": ["openrouter/qwen/max", "google/gemma"]}
    settings = load_settings({"model": "vllm/x", "judge": judge})
    curation = Curation(settings, language_model=True)
    asyncio.run(curation.judge_with(Judged(SAMPLE), (PASSAGE,), ask))
    assert set(seen) == {"meta-llama/scout", "qwen/max", "google/gemma"}
    assert len({request.messages for request in seen.values()}) == 1


def test_another_jury_is_another_fingerprint() -> None:
    def fingerprint(**judge: object) -> str:
        return Curation(load_settings({"model": "vllm/x", "judge": judge}), language_model=True).fingerprint

    assert len({fingerprint(), fingerprint(jury=["a"]), fingerprint(jury=["a"], decide="minimum")}) == 3


def test_an_unknown_way_to_decide_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"judge\.decide"):
        load_settings({"judge": {"decide": "lottery"}})
