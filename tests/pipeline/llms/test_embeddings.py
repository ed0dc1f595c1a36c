"""Vectors through the gateway: batched, kept, accounted for, and refused where they are none."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.llms.embeddings import Embedded, open_embedder
from pipeline.llms.journal.store import FILE_NAME
from pipeline.llms.replies import list_replies, prune_replies
from schemas.errors import EndpointError, SettingsError
from schemas.settings import Settings, load_settings
from tests.endpoint.options import Faults
from tests.endpoint.start import Started, start_endpoint

_TEXTS = [f"Berth {number} of the northern quay takes vessels of {number} metres." for number in range(50)]


def _settings(base_url: str, *, llm: dict[str, Any] | None = None, **embeddings: Any) -> Settings:
    own = {"model": "openai/simulated", "base_url": base_url, "batch": 8, **embeddings}
    return load_settings({"embeddings": own, "llm": llm or {}})


def _embedded(settings: Settings, replies: Path, texts: list[str]) -> Embedded:
    async def run() -> Embedded:
        async with open_embedder(settings, replies) as embedder:
            return await embedder.embed(texts)

    return asyncio.run(run())


def test_texts_become_unit_vectors_in_their_order_and_paraphrases_are_near(tmp_path: Path) -> None:
    texts = ["The vessel begins to load.", "Taxes rose again.", "It starts to load the ship.", ""]
    with start_endpoint() as endpoint:
        embedded = _embedded(_settings(endpoint.base_url), tmp_path, texts)
    assert embedded.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(embedded.vectors[:3], axis=1), 1.0)
    cosines = embedded.vectors @ embedded.vectors[0]
    assert cosines[2] > 0.9 > 0.4 > cosines[1]
    assert embedded.missing == {3: "there is nothing to embed"}
    assert not embedded.vectors[3].any()


def test_texts_go_out_in_batches_and_a_text_is_paid_for_once_whatever_its_batch(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        settings = _settings(endpoint.base_url)
        first = _embedded(settings, tmp_path, _TEXTS)
        assert (endpoint.stats["requests"], endpoint.stats["embedded"]) == (7, 50)
        again = _embedded(settings, tmp_path, ["Something new.", *reversed(_TEXTS), *_TEXTS])
        assert (endpoint.stats["requests"], endpoint.stats["embedded"]) == (8, 51)
        tokens = endpoint.stats["prompt_tokens"]
    assert np.array_equal(again.vectors[51:], first.vectors)
    [kept] = list_replies(tmp_path)
    assert (kept.recipe, kept.usage.requests, kept.usage.prompt_tokens) == ("embeddings", 8, tokens)
    assert prune_replies(tmp_path, recipe="embeddings") == 8 + 51


def test_after_an_outage_the_endpoint_is_asked_for_vectors_not_for_a_chat(tmp_path: Path) -> None:
    async def run(endpoint: Started) -> Embedded:
        async with open_embedder(_settings(endpoint.base_url, batch=1), tmp_path) as embedder:
            await embedder.embed(["It was there before."])
            await asyncio.to_thread(endpoint.go_down)
            embedding = asyncio.create_task(embedder.embed(_TEXTS[:8]))
            await asyncio.sleep(0.5)
            assert embedder.stats().paused
            await asyncio.to_thread(endpoint.come_back)
            return await embedding

    with start_endpoint() as endpoint:
        assert not asyncio.run(run(endpoint)).missing
        assert endpoint.stats["embedded"] == endpoint.stats["answered"] > 9


def test_faults_are_tried_again_and_lose_no_vector(tmp_path: Path) -> None:
    faults = Faults(http_500=0.1, malformed=0.1, wrong_schema=0.1, truncated_body=0.1, empty=0.05)
    with start_endpoint(faults=faults, seed=3) as endpoint:
        embedded = _embedded(_settings(endpoint.base_url, llm={"max_attempts": 20}), tmp_path, _TEXTS)
    assert not embedded.missing


def test_a_text_that_is_too_long_for_the_model_does_not_take_its_batch_along(tmp_path: Path) -> None:
    texts = [*_TEXTS[:5], "mooring line " * 100, *_TEXTS[5:9]]
    with start_endpoint(window=100) as endpoint:
        embedded = _embedded(_settings(endpoint.base_url), tmp_path, texts)
        assert list(embedded.missing) == [5]
        assert "context" in embedded.missing[5]
        cut = _embedded(_settings(endpoint.base_url, max_tokens=50), tmp_path, texts)
    assert not cut.missing


def test_an_endpoint_without_vectors_a_wrong_key_and_no_model_are_each_one_clear_line(tmp_path: Path) -> None:
    with start_endpoint(key="right") as endpoint, pytest.raises(EndpointError, match="OPENAI_API_KEY"):
        _embedded(_settings(endpoint.base_url), tmp_path, _TEXTS)
    with start_endpoint() as endpoint, pytest.raises(EndpointError, match="base URL"):
        _embedded(_settings(f"{endpoint.base_url}/nowhere"), tmp_path, _TEXTS)
    with pytest.raises(SettingsError, match=r"embeddings\.model"):
        _embedded(load_settings({}), tmp_path, _TEXTS)
    with pytest.raises(SettingsError, match="extractive"):
        _embedded(load_settings({"embeddings": {"model": "extractive"}}), tmp_path, _TEXTS)


def test_a_budget_holds_for_vectors_too(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        settings = _settings(endpoint.base_url).model_copy(
            update={"budget": load_settings({"budget": "3 requests"}).budget}
        )
        embedded = _embedded(settings, tmp_path, _TEXTS)
        assert endpoint.stats["requests"] == 3
    assert len(embedded.missing) == 50 - 3 * 8
    assert all("budget" in why for why in embedded.missing.values())


def test_vectors_of_a_shared_cache_serve_another_run(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        settings = _settings(endpoint.base_url, llm={"shared_cache": str(tmp_path / "shared")})
        one = _embedded(settings, tmp_path / "one", _TEXTS)
        two = _embedded(settings, tmp_path / "two", _TEXTS)
        assert endpoint.stats["embedded"] == 50
    assert np.array_equal(one.vectors, two.vectors)
    assert (tmp_path / "two" / FILE_NAME).stat().st_size > 0
