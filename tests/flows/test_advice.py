"""What is said where no sample was kept: the setting, the best score, and a value that keeps some."""

from typing import Any

import pytest

from flows.stages.advice import advice
from schemas.ledger import End, Outcome, Stage
from schemas.samples import Judged, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, sample_of

SAMPLE = sample_of("What does the P-100 move?", "420 litres per minute", passage_of(PUMP))


def dropped(reason: str, score: float | None = None, detail: str = "") -> Judged:
    return Judged(SAMPLE, (Verdict("some", keep=False, reason=reason, score=score, detail=detail),))


@pytest.mark.parametrize(
    ("judged", "settings", "said"),
    [
        (
            [dropped("judge_score_low", 0.5), dropped("judge_score_low", 0.8237), dropped("no_evidence")],
            {"judge": {"min_score": 0.9}},
            "judge.min_score is 0.9 and the best score that there is 0.8237: "
            "lower it, as in --set judge.min_score=0.82",
        ),
        (
            [dropped("judge_score_low", 0.5)],
            {"filters": [{"judge": {"min_score": 0.7}}]},
            "filters.judge.min_score is 0.7 and the best score that there is 0.5: "
            "lower it, there, to 0.5 or less",
        ),
        (
            [dropped("reward_low", 0.31)],
            {"judge": {"kind": "reward", "model": "vllm/r"}},
            "judge.min_score is 0.6 and the best score that there is 0.31: "
            "lower it, as in --set judge.min_score=0.31",
        ),
        (
            [Judged(SAMPLE, (Verdict("support", keep=True, score=0.6),))],
            {"select": {"min_score": 0.9}},
            "select.min_score is 0.9 and the best score that there is 0.6: "
            "lower it, as in --set select.min_score=0.6",
        ),
        (
            [dropped("reward_out_of_scale", detail="17 is outside judge.scale=probability")],
            {"judge": {"kind": "reward", "model": "vllm/r"}},
            "17 is outside judge.scale=probability: name the least and the greatest reward",
        ),
        (
            [dropped("judge_failed", detail="overload"), dropped("judge_failed"), dropped("refusal")],
            {},
            "judge failed: overload; choose other recipes",
        ),
        ([dropped("judge_failed", detail="budget")], {}, "the budget is used up: with a larger one"),
        ([dropped("secret", detail="a key")], {}, "choose other recipes, filters or a model"),
        ([], {"model": "openai/sim"}, "choose other recipes, filters or a model"),
        ([], {}, "the built-in engine asks only about what documents with a title state outright"),
    ],
)
def test_the_setting_the_best_score_and_a_value_are_named(
    judged: list[Judged], settings: dict[str, Any], said: str
) -> None:
    assert advice(judged, load_settings(settings)).startswith(said)


@pytest.mark.parametrize(
    ("reason", "said"),
    [("bad_request", "the first request that failed: HTTP 400 no; "), ("budget", "the budget is used up")],
)
def test_where_no_request_was_answered_it_is_said_what_the_endpoint_said(reason: str, said: str) -> None:
    outcomes = [Outcome(Stage.REQUESTS, "one", End.FAILED, reason, "HTTP 400 no")]
    assert advice([], load_settings({}), outcomes).startswith(said)
