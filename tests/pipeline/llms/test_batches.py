"""Batch mode: fewer, larger calls, the same answers."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from pydantic import BaseModel, ConfigDict

from pipeline.llms.batches.client import BatchClient
from pipeline.llms.endpoints import batch_price
from pipeline.llms.gateway import open_gateway
from pipeline.llms.journal.parts import journal_at
from pipeline.llms.wire.body import Dialect
from pipeline.llms.wire.connection import connect
from pipeline.llms.wire.dialects import Dialects
from schemas.contracts import Price
from schemas.errors import EndpointError
from schemas.registry import providers
from schemas.requests import Completion, Reply, Request
from schemas.settings import load_settings
from tests.endpoint.start import Started, start_endpoint
from tests.pipeline.llms.asking import Collected, question, questions, settings_for


class RunBatchLine(BaseModel):
    """A line of `vllm run-batch`'s input file, as its documentation has it, with a chat to complete."""

    model_config = ConfigDict(extra="forbid", strict=True)

    custom_id: str
    method: Literal["POST"]
    url: Literal["/v1/chat/completions"]
    body: CompletionCreateParamsNonStreaming


def batched(endpoint: Started, replies: Path, count: int) -> Collected:
    async def work() -> Collected:
        collected = Collected()
        async with open_gateway(settings_for(endpoint.base_url, batch=True), replies) as gateway:
            await gateway.run(questions(count), collected)
        return collected

    return asyncio.run(work())


def test_a_batch_answers_everything_without_single_requests(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        collected = batched(endpoint, tmp_path, 40)
        assert endpoint.stats.get("requests", 0) == 0
        again = batched(endpoint, tmp_path, 40)
        assert endpoint.stats["completion_tokens"] == sum(
            completion.usage.completion_tokens for completion in again.by_id.values()
        )
    assert len(collected.by_id) == 40
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_an_endpoint_without_batches_is_asked_one_by_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with start_endpoint(without_batches=True) as endpoint:
        collected = batched(endpoint, tmp_path, 10)
        assert endpoint.stats["requests"] == 10
    assert "no batch API here" in caplog.text
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_follow_ups_go_into_the_next_batch(tmp_path: Path) -> None:
    recipes: list[str] = []

    def handle(request: Request, completion: Completion) -> Iterable[Request]:
        recipes.append(request.recipe)
        return [question(len(recipes) + 500, recipe="rating")] if request.recipe == "qa" else []

    async def work(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url, batch=True), tmp_path) as gateway:
            await gateway.run(questions(5), handle)

    with start_endpoint() as endpoint:
        asyncio.run(work(endpoint))
        assert endpoint.stats.get("requests", 0) == 0
    assert sorted(recipes) == ["qa"] * 5 + ["rating"] * 5


def test_all_who_ask_at_the_same_time_share_a_batch(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> list[Completion]:
        async with open_gateway(settings_for(endpoint.base_url, batch=True), tmp_path) as gateway:
            one, other = Collected(), Collected()
            runs = gateway.run(questions(5), one), gateway.run((question(n) for n in range(50, 55)), other)
            working = asyncio.gather(*runs)
            singles = await asyncio.gather(*(gateway.complete(question(n)) for n in range(90, 95)))
            await working
        return [*singles, *one.by_id.values(), *other.by_id.values()]

    with start_endpoint() as endpoint:
        completions = asyncio.run(work(endpoint))
        assert endpoint.stats["batches"] == 1
        assert endpoint.stats.get("requests", 0) == 0
    assert sum(isinstance(completion, Reply) for completion in completions) == 15


def test_a_stopped_run_finds_its_batch_again_among_other_requests(tmp_path: Path) -> None:
    async def stopped(endpoint: Started) -> None:
        settings = settings_for(endpoint.base_url, batch=True, batch_requests=10)
        async with open_gateway(settings, tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(10), Collected()))
            await asyncio.sleep(0.6)
            gateway.stop()
            await asyncio.wait_for(run, 5)

    with start_endpoint(fixed_s=1.5) as endpoint:
        asyncio.run(stopped(endpoint))
        collected = batched(endpoint, tmp_path, 15)
        assert endpoint.stats["batches"] == 2
        tokens = sum(completion.usage.completion_tokens for completion in collected.by_id.values())
        assert endpoint.stats["completion_tokens"] == tokens
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_a_wrong_key_loses_no_batch(tmp_path: Path) -> None:
    with journal_at(tmp_path) as store:
        store.note_batch("batch-1", [request.id for request in questions(3)])
        with start_endpoint(key="right") as endpoint, pytest.raises(EndpointError, match="key"):
            batched(endpoint, tmp_path, 3)
        assert [store.batch_of(request.id) for request in questions(3)] == ["batch-1"] * 3


def test_a_batch_whose_endpoint_is_gone_for_good_ends_the_run_and_is_found_again(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> None:
        settings = settings_for(endpoint.base_url, batch=True, outage_s=1.5)
        async with open_gateway(settings, tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(5), Collected()))
            while not endpoint.stats["batches"]:  # noqa: ASYNC110  # of another thread
                await asyncio.sleep(0.1)
            endpoint.go_down()
            await run

    with start_endpoint(fixed_s=4) as endpoint:
        with pytest.raises(EndpointError, match="the same command finds it again"):
            asyncio.run(work(endpoint))
        endpoint.come_back()
        collected = batched(endpoint, tmp_path, 5)
        assert endpoint.stats["batches"] == 1
        assert endpoint.stats.get("requests", 0) == 0
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_a_batch_that_never_ends_and_an_endpoint_that_never_answered_end_the_run(tmp_path: Path) -> None:
    async def work(base_url: str, **llm: Any) -> None:
        async with open_gateway(settings_for(base_url, batch=True, **llm), tmp_path) as gateway:
            await gateway.run(questions(3), Collected())

    with (
        start_endpoint(fixed_s=600) as endpoint,
        pytest.raises(EndpointError, match="batch_s allows it longer"),
    ):
        asyncio.run(work(endpoint.base_url, batch_s=0.5))
    with pytest.raises(EndpointError, match="not answered"):
        asyncio.run(work("http://127.0.0.1:9/v1", outage_s=0.5))


def test_a_batch_that_the_endpoint_has_forgotten_is_asked_one_by_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with start_endpoint() as endpoint:
        with journal_at(tmp_path) as store:
            store.note_batch("batch-of-long-ago", [request.id for request in questions(3)])
        collected = batched(endpoint, tmp_path, 3)
        assert endpoint.stats["requests"] == 3
    assert "batch-of-long-ago is gone" in caplog.text
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_batches_run_side_by_side(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> Collected:
        collected = Collected()
        settings = settings_for(endpoint.base_url, batch=True, batch_requests=5)
        async with open_gateway(settings, tmp_path) as gateway:
            await gateway.run(questions(20), collected)
        return collected

    with start_endpoint(fixed_s=0.5) as endpoint:
        assert len(asyncio.run(work(endpoint)).by_id) == 20
        stats = endpoint.stats
    assert stats["slot_seconds"] == pytest.approx(10, rel=0.5)
    assert stats["span_s"] < 1.9  # one after the other, four batches would take two seconds and more
    assert stats.get("requests", 0) == 0


def test_a_request_file_is_one_that_vllm_run_batch_takes() -> None:
    async def file() -> bytes:
        connection = connect("http://127.0.0.1:9/v1", "", 1)
        try:
            dialects = Dialects(Dialect(), fixed=True, remembered={})
            return BatchClient("http://127.0.0.1:9/v1", connection, dialects, {}).file_of(questions(3))
        finally:
            await connection.close()

    lines = asyncio.run(file()).splitlines()
    read = [RunBatchLine.model_validate_json(line) for line in lines]
    assert [line.custom_id for line in read] == [request.id for request in questions(3)]
    assert all(orjson.loads(line)["body"]["messages"] for line in lines)


def test_batches_cost_what_the_provider_says_and_elsewhere_no_less() -> None:
    entry, price = providers.get("openai"), Price(2.0, 1.0, 8.0)
    assert batch_price(load_settings({"model": "openai/any"}), entry, price) == Price(1.0, 0.5, 4.0)
    assert batch_price(settings_for("http://127.0.0.1:9/v1"), entry, price) == price
