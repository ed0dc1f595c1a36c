"""Batch mode: fewer, larger calls, the same answers."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.llms.gateway import open_gateway
from schemas.requests import Completion, Reply, Request
from tests.endpoint.start import Started, start_endpoint
from tests.pipeline.llms.asking import Collected, question, questions, settings_for


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


def test_a_stopped_run_finds_its_batch_again(tmp_path: Path) -> None:
    async def stopped(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url, batch=True), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(20), Collected()))
            await asyncio.sleep(0.6)
            gateway.stop()
            await asyncio.wait_for(run, 5)

    with start_endpoint(fixed_s=1.5) as endpoint:
        asyncio.run(stopped(endpoint))
        collected = batched(endpoint, tmp_path, 20)
        tokens = sum(completion.usage.completion_tokens for completion in collected.by_id.values())
        assert endpoint.stats["completion_tokens"] == tokens
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
