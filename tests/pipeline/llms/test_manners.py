"""Servers differ on the wire: what each says of tokens, thoughts, limits and errors is understood."""

import asyncio
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipeline.llms.gateway import open_gateway
from pipeline.llms.reading.thinking import Said, split_thinking
from pipeline.llms.wire.exchange import BrokenBody, Exchange, exchange_from
from pipeline.llms.wire.headers import headroom
from pipeline.llms.wire.trouble import trouble_in_body, trouble_in_status
from schemas.contracts import Price
from schemas.errors import SettingsError
from schemas.requests import Completion, Failure, FailureReason, FinishReason, Reply
from schemas.settings import load_settings
from tests.endpoint.manners import MANNERS
from tests.endpoint.start import start_endpoint
from tests.pipeline.llms.asking import SOURCE, question, settings_for


@pytest.mark.parametrize("name", sorted(MANNERS.keys() - {"groq-spent"}))
def test_each_server_is_understood_in_its_own_manner(name: str, tmp_path: Path) -> None:
    async def work(base_url: str) -> list[Completion]:
        async with open_gateway(settings_for(base_url), tmp_path) as gateway:
            requests = (question(1), question(2), question(3, source=SOURCE * 30))
            return [await gateway.complete(request) for request in requests]

    with start_endpoint(manner=name, window=1000) as endpoint:
        one, two, long = asyncio.run(work(endpoint.base_url))
        assert endpoint.stats["too_long"] == 1
    assert isinstance(one, Reply)
    assert isinstance(two, Reply)
    assert bool(two.thinking) == bool(MANNERS[name].thinking)
    assert two.usage.prompt_tokens > 50
    assert (two.usage.cached_tokens > 0) == (MANNERS[name].cached != "none")
    assert isinstance(long, Failure)
    assert long.reason is FailureReason.CONTEXT_TOO_LONG


def test_a_limit_that_is_used_up_for_minutes_is_told_while_it_is_waited_for(tmp_path: Path) -> None:
    async def work(base_url: str) -> str:
        async with open_gateway(settings_for(base_url), tmp_path) as gateway:
            await gateway.complete(question(1))
            waiting = asyncio.create_task(gateway.complete(question(2)))
            await asyncio.sleep(0)
            paused = gateway.stats().paused
            gateway.stop()
            await waiting
        return paused

    with start_endpoint(manner="groq-spent") as endpoint:
        assert "has used up its limit, for 86" in asyncio.run(work(endpoint.base_url))


def said(usage: object = None, finish: object = "stop", **others: Any) -> Exchange:
    """Return what is read of a completion."""
    choice = {"message": {"content": "An answer of five words."}, "finish_reason": finish}
    body = {"choices": [choice], "usage": usage, **others}
    return exchange_from(orjson.dumps(body), question(1), "key", Price(prompt=1.0))


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [1, 2],
        {"prompt_tokens": "many"},
        {"prompt_tokens": -5, "completion_tokens": 3},
        {"prompt_tokens": 10**12, "completion_tokens": 3},
        {"prompt_tokens": 7, "completion_tokens": [1]},
    ],
)
def test_where_no_usable_count_is_reported_tokens_are_estimated_so_that_a_budget_holds(usage: object) -> None:
    found = said(usage).usage
    assert 50 < found.prompt_tokens < 200
    assert 3 < found.completion_tokens < 10
    assert found.cost_usd > 0


def test_more_cached_tokens_than_there_were_are_not_believed() -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_cache_hit_tokens": 3000}
    assert said(usage).usage.cached_tokens == 100


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("because", FinishReason.STOP),
        (7, FinishReason.STOP),
        (["stop"], FinishReason.STOP),
        ("model_length", FinishReason.LENGTH),
        ("SAFETY", FinishReason.CONTENT_FILTER),
    ],
)
def test_a_strange_word_for_the_end_of_an_answer_breaks_nothing(word: object, reason: FinishReason) -> None:
    assert said(finish=word, model=5).finish_reason is reason
    assert said(model=5).model == "simulated"


def test_an_answer_that_broke_off_behind_the_endpoint_is_none() -> None:
    with pytest.raises(BrokenBody):
        said(finish="error")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": 401, "message": "User not found."}, FailureReason.AUTHENTICATION),
        ({"code": 429, "message": "slow down"}, FailureReason.RATE_LIMIT),
        ({"code": "oops", "message": "Internal error"}, FailureReason.OVERLOAD),
        ({"code": 400, "message": "exceeds the available context size"}, FailureReason.CONTEXT_TOO_LONG),
        ("the input exceeds the context length", FailureReason.CONTEXT_TOO_LONG),
    ],
)  # fmt: skip
def test_an_error_that_comes_with_a_200_is_the_error_that_it_says(
    error: object, reason: FailureReason
) -> None:
    assert trouble_in_body({"error": error}).reason is reason


def test_an_answer_that_an_endpoint_turned_down_is_read_as_one_and_its_dialect_stays() -> None:
    error = {
        "message": "Generated JSON does not match the expected schema.",
        "code": "json_validate_failed",
        "failed_generation": '{"items": [',
    }
    trouble = trouble_in_status(400, orjson.dumps({"error": error}), {})
    assert trouble.said == '{"items": ['


def test_full_flex_capacity_passes() -> None:
    assert trouble_in_status(498, b'{"error": {"message": "capacity_exceeded"}}', {}).transient


@pytest.mark.parametrize(
    ("headers", "remaining", "reset_s"),
    [
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2m59.5s"}, 0, 179.5),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "12"}, 3, 12),
        ({"x-ratelimit-remaining-requests-day": "9", "x-ratelimit-reset-requests-day": "60.5"}, 9, 60.5),
    ],
)
def test_limits_are_read_under_each_name(headers: dict[str, str], remaining: float, reset_s: float) -> None:
    left = headroom(headers, "requests")
    assert left is not None
    assert (left.remaining, left.reset_s) == (remaining, reset_s)


def test_a_limit_that_resets_at_a_moment_is_waited_for_until_then() -> None:
    moment_ms = f"{(time.time() + 30) * 1000:.0f}"
    left = headroom({"x-ratelimit-remaining": "0", "x-ratelimit-reset": moment_ms}, "requests")
    assert left is not None
    assert 0 < left.reset_s < 31


def test_a_limit_that_is_no_number_is_none() -> None:
    headers = {"x-ratelimit-remaining-requests": "nan", "x-ratelimit-reset-requests": "inf"}
    assert headroom(headers, "requests") is None


@pytest.mark.parametrize(
    ("content", "text", "thinking"),
    [
        (
            "<|channel|>analysis<|message|>We need {JSON}.<|end|><|start|>assistant<|channel|>final"
            '<|constrain|>json<|message|>{"a": 1}<|return|>',
            '{"a": 1}',
            "We need {JSON}.",
        ),
        ("<|channel|>final<|message|>Yes.", "Yes.", ""),
        ("analysisWe need to answer.assistantfinalYes.", "Yes.", "We need to answer."),
        ("analysis of the harbour", "analysis of the harbour", ""),
    ],
)
def test_the_last_channel_is_the_answer(content: str, text: str, thinking: str) -> None:
    assert split_thinking(content) == Said(text, thinking)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:8000/v1", "must begin with"),
        ("http://localhost:8000/v1/chat/completions", "leave out /chat/completions: http://localhost:8000/v1"),
        ("http://localhost:8000/v1?key=secret", "must end before its"),
        ("http:///v1", "names no host"),
        ("http://local host/v1", "names no host"),
        ("http://localhost:99999/v1", "is no address"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_right_is_refused_before_anything_is_sent(url: str, words: str) -> None:
    with pytest.raises(SettingsError, match="base_url") as caught:
        load_settings({"base_url": url})
    assert words in str(caught.value)
