"""Reward models through the gateway: on every route, kept, accounted for, and what they say told apart."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from pipeline.judging.rewards import Rewards, rewards_from
from pipeline.llms.gateway import open_gateway
from pipeline.llms.replies import list_replies
from schemas.errors import EndpointError, SettingsError
from schemas.requests import Completion, Failure, FailureReason, Message, Reply, Request, Sampling
from schemas.settings import RewardRoute, load_settings
from tests.endpoint.options import Faults
from tests.endpoint.start import Started, start_endpoint

_PROMPT = Message("user", "The berth takes vessels of 90 metres.\n\nHow long may vessels be?")


def _request(answer: str, route: RewardRoute = "classify", *, as_logits: bool = True) -> Request:
    chat = (_PROMPT, Message("assistant", answer))
    return Request("judge", chat, Sampling("simulated"), rewards_from(route, as_logits=as_logits))


def _asked(endpoint: Started, replies: Path, *requests: Request, **llm: Any) -> list[Completion]:
    settings = load_settings({"model": "openai/simulated", "base_url": endpoint.base_url, **llm})

    async def run() -> list[Completion]:
        async with open_gateway(settings, replies, kind="reward") as gateway:
            return await asyncio.gather(*map(gateway.complete, requests))

    return asyncio.run(run())


def _said(completion: Completion) -> Rewards:
    assert isinstance(completion, Reply), completion
    assert isinstance(completion.answer, Rewards)
    return completion.answer


@pytest.mark.parametrize("below_v1", [False, True])
@pytest.mark.parametrize("route", ["score", "classify", "pooling"])
def test_each_route_gives_a_number_beside_v1_or_below_it(
    tmp_path: Path, route: RewardRoute, below_v1: bool
) -> None:
    asked = [
        _request("90 metres.", route),
        _request("120 metres.", route),
        _request("90 metres.", route, as_logits=False),
    ]
    with start_endpoint(rewards_below_v1=below_v1) as endpoint:
        right, wrong, share = (_said(each).values for each in _asked(endpoint, tmp_path, *asked))
        assert endpoint.stats["rated"] == 3
    assert right == [4.0]
    assert wrong == [-4.0]
    assert share == [pytest.approx(0.982, abs=1e-3)]


def test_a_number_is_paid_for_once_and_counted(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        _asked(endpoint, tmp_path, _request("90 metres."), _request("120 metres."))
        [again] = _asked(endpoint, tmp_path, _request("90 metres."))
        assert endpoint.stats["rated"] == 2
    assert isinstance(again, Reply)
    assert again.cached
    [kept] = list_replies(tmp_path)
    assert (kept.recipe, kept.model, kept.usage.requests) == ("judge", "simulated", 2)
    assert kept.usage.prompt_tokens > 0


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("malformed", "a number that is not finite"),
        ("wrong_schema", "no number"),
        ("empty", "0 results for one answer"),
    ],
)
def test_what_is_no_number_is_kept_with_its_problem_and_not_asked_for_again(
    tmp_path: Path, fault: str, problem: str
) -> None:
    with start_endpoint(faults=Faults(**{fault: 1.0})) as endpoint:
        said = _said(_asked(endpoint, tmp_path, _request("90 metres."))[0])
        assert endpoint.stats["requests"] == 1
    assert said.values == []
    assert problem in said.problem


def test_several_numbers_are_all_kept(tmp_path: Path) -> None:
    with start_endpoint(faults=Faults(hostile_text=1.0)) as endpoint:
        assert _said(_asked(endpoint, tmp_path, _request("90 metres."))[0]).values == [4.0] * 3


def test_faults_are_tried_again_and_a_budget_holds(tmp_path: Path) -> None:
    requests = [_request(f"{number} metres.") for number in range(20)]
    faults = Faults(http_500=0.2, truncated_body=0.2)
    with start_endpoint(faults=faults, seed=3) as endpoint:
        found = _asked(endpoint, tmp_path / "one", *requests, llm={"max_attempts": 20})
        assert all(isinstance(each, Reply) for each in found)
    with start_endpoint() as endpoint:
        found = _asked(endpoint, tmp_path / "two", *requests, budget="3 requests")
        assert endpoint.stats["rated"] == 3
    assert [each.reason for each in found if isinstance(each, Failure)] == [FailureReason.BUDGET] * 17


def test_an_answer_that_is_too_long_is_a_failure_and_not_cut(tmp_path: Path) -> None:
    with start_endpoint(window=100) as endpoint:
        [found] = _asked(endpoint, tmp_path, _request("mooring line " * 1000))
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.CONTEXT_TOO_LONG


def test_a_wrong_address_key_model_or_engine_is_one_clear_line(tmp_path: Path) -> None:
    asked = _request("90 metres.")
    with start_endpoint(key="right") as endpoint, pytest.raises(EndpointError, match="OPENAI_API_KEY"):
        _asked(endpoint, tmp_path, asked)
    with start_endpoint(model="another") as endpoint, pytest.raises(EndpointError, match="model's name"):
        _asked(endpoint, tmp_path, asked)
    with start_endpoint() as endpoint, pytest.raises(EndpointError, match=r"no /classify; judge\.route"):
        _asked(Started(f"{endpoint.base_url}/nowhere"), tmp_path, asked)
    with start_endpoint() as endpoint, pytest.raises(SettingsError, match="'extractive' rates nothing"):
        _asked(endpoint, tmp_path, asked, model="extractive")
