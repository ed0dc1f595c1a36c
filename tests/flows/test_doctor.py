"""What `tunesmith doctor` finds out of all endpoints that a run would use, and tells."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from flows.doctor import examine
from pipeline.llms.doctor.findings import Findings
from pipeline.llms.gateway import open_gateway
from schemas.settings import load_settings
from tests.endpoint.start import Started, start_endpoint
from tests.flows.prefect_server import TUNESMITH
from tests.pipeline.llms.asking import MODEL, Collected, questions, settings_for


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of endpoints is remembered for one test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def found(endpoint: Started, **changes: Any) -> Findings:
    """Return the findings of the one endpoint of a run."""
    settings = settings_for(endpoint.base_url).model_copy(update=changes)
    [findings] = examine(settings).findings
    return findings


def test_a_good_endpoint_is_known_for_what_it_can_do() -> None:
    with start_endpoint(window=9000, model=MODEL) as endpoint:
        good = found(endpoint)
    assert good.reachable
    assert good.key_accepted
    assert good.model_known
    assert good.structured == ("json_schema", "json_object", "prompt")
    assert good.images
    assert good.window == 9000
    assert good.counts
    assert good.counts_cached
    assert good.batches
    assert good.uses == ("writes", "judges")
    assert not good.problem
    assert not good.notes


def test_what_was_found_out_spares_the_run_from_asking_wrongly(tmp_path: Path) -> None:
    async def work(base_url: str) -> None:
        async with open_gateway(settings_for(base_url), tmp_path) as gateway:
            await gateway.run(questions(5), Collected())

    with start_endpoint(refuses=("json_schema", "temperature", "max_completion_tokens")) as endpoint:
        assert found(endpoint).structured == ("json_object", "prompt")
        before = endpoint.stats["requests"]
        asyncio.run(work(endpoint.base_url))
        assert endpoint.stats["requests"] == before + 5


def test_a_wrong_key_is_told_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    with start_endpoint(key="right") as endpoint:
        refused = found(endpoint)
    assert refused.reachable
    assert refused.key_accepted is False
    assert "OPENAI_API_KEY" in refused.advice
    assert "very-secret" not in repr(refused)


def test_an_unknown_model_is_told_with_those_that_there_are_and_a_missing_server_as_one() -> None:
    with start_endpoint(model="simulated-8b") as endpoint:
        unknown = found(endpoint)
    assert unknown.model_known is False
    assert "there is simulated-8b" in unknown.advice
    assert examine(settings_for("http://127.0.0.1:9/v1")).findings[0].reachable is False


@pytest.mark.parametrize(
    ("manner", "window", "cached", "left"),
    [
        ("together", 9000, True, "0 requests, 9,000 tokens"),
        ("groq", 9000, True, "14,370 requests"),
        ("vllm", 9000, False, ""),
    ],
)
def test_lists_counts_and_limits_are_read_in_each_manner(
    manner: str, window: int, cached: bool, left: str
) -> None:
    with start_endpoint(manner=manner, model=MODEL, window=window) as endpoint:
        known = found(endpoint)
    assert (known.window, known.counts_cached, known.left) == (window, cached, left)


def test_the_day_from_which_a_model_is_no_longer_served_is_told() -> None:
    with start_endpoint(manner="openai", model=MODEL) as endpoint:
        assert "it is served until 2027-01-14" in found(endpoint).notes


def test_what_the_settings_want_and_the_model_cannot_do_is_told() -> None:
    with start_endpoint(blind=True, without_batches=True) as endpoint:
        settings = settings_for(endpoint.base_url, batch=True)
        parse = settings.parse.model_copy(update={"transcribe": True})
        examination = examine(settings.model_copy(update={"parse": parse}))
    [blind] = examination.findings
    assert examination.exit_code == 3
    assert "takes no pictures" in blind.problem
    assert any("there is no batch API" in note for note in blind.notes)
    assert any("its window is not told" in note for note in blind.notes)


def test_judge_jury_reward_model_vectors_and_shared_endpoints_are_all_examined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VLLM_API_KEY", "wrong")
    with (
        start_endpoint(model="sim") as one,
        start_endpoint(model="judge") as two,
        start_endpoint(key="x") as bad,
    ):
        shared = [{"base_url": one.base_url, "weight": 3}, {"base_url": two.base_url}]
        jury = [{"model": "vllm/juror", "base_url": bad.base_url}]
        judge = {"model": "openrouter/judge", "base_url": two.base_url, "jury": jury}
        vectors = {"model": "ollama/sim", "base_url": one.base_url}
        settings = {
            "model": "openai/sim",
            "llm": {"endpoints": shared},
            "judge": judge,
            "embeddings": vectors,
        }
        examination = examine(load_settings(settings))
    by_use = {(each.uses, each.endpoint): each for each in examination.findings}
    assert not by_use[("writes",), one.base_url].problem
    assert by_use[("writes",), one.base_url].weight == 3
    assert by_use[("writes",), two.base_url].model_known is False
    assert not by_use[("judges",), two.base_url].problem
    assert "VLLM_API_KEY" in by_use[("judges",), bad.base_url].advice
    assert by_use[("embeds",), one.base_url].gives == "vectors of 256"
    assert examination.exit_code == 3
    told = examination.as_text()
    assert told.count("cannot be used") == 2
    assert "sim at " in told
    assert "weight 3" in told


def test_a_reward_model_is_asked_for_a_number() -> None:
    judge = {"kind": "reward", "model": "vllm/rm", "route": "score"}
    with start_endpoint() as endpoint:
        rating = {**judge, "base_url": endpoint.base_url}
        [found] = examine(load_settings({"judge": rating})).findings
        assert found.gives == "1 number from /score"
        assert not found.problem
        [wrong] = examine(load_settings({"judge": {**rating, "label": 3}})).findings
    assert "judge.label" in wrong.problem


def test_the_command_prints_one_table_and_says_by_its_exit_code_whether_a_run_would_work(
    tmp_path: Path,
) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [*TUNESMITH, "doctor", "--model", "openai/sim", *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    with start_endpoint() as endpoint:
        good = run("--base-url", endpoint.base_url)
    bad = run("--base-url", "http://127.0.0.1:9/v1", "--json")
    assert good.returncode == 0
    assert good.stdout.splitlines()[0].split()[:4] == ["for", "reachable", "key", "model"]
    assert bad.returncode == 3
    assert json.loads(bad.stdout)["usable"] is False
