"""The gateway against the simulated endpoint."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipeline.llms.gateway import open_gateway
from pipeline.llms.replies import list_replies
from schemas.errors import EndpointError, RunFolderError, SettingsError
from schemas.requests import Completion, Failure, FailureReason, Message, Reply, Request
from tests.endpoint.options import Faults, Options
from tests.endpoint.start import Started, start_endpoint
from tests.pipeline.llms.asking import SOURCE, Collected, question, questions, settings_for

ROOT = Path(__file__).parents[3]


async def ask(endpoint: Started, replies: Path, requests: Iterable[Request], **llm: Any) -> Collected:
    collected = Collected()
    async with open_gateway(settings_for(endpoint.base_url, **llm), replies) as gateway:
        await gateway.run(requests, collected)
    return collected


def asked(endpoint: Started, replies: Path, requests: Iterable[Request], **llm: Any) -> Collected:
    return asyncio.run(ask(endpoint, replies, requests, **llm))


def test_every_request_is_answered_once_with_evidence_from_the_source(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        collected = asked(endpoint, tmp_path, questions(200))
        assert endpoint.stats["requests"] == 200
    assert collected.calls == len(collected.by_id) == 200
    for completion in collected.by_id.values():
        assert isinstance(completion, Reply)
        assert not completion.repaired
        assert all(quote in SOURCE for item in completion.answer.items for quote in item.evidence)  # type: ignore[union-attr]


def test_a_second_run_on_the_same_folder_sends_nothing(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        first = asked(endpoint, tmp_path, questions(50))
        second = asked(endpoint, tmp_path, questions(50))
        assert endpoint.stats["requests"] == 50
    assert all(completion.cached for completion in second.by_id.values())
    assert {i: c.text for i, c in first.by_id.items() if isinstance(c, Reply)} == {
        i: c.text for i, c in second.by_id.items() if isinstance(c, Reply)
    }


def test_a_shared_cache_spares_another_run_its_requests(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        asked(endpoint, tmp_path / "a", questions(20), shared_cache=tmp_path / "shared")
        asked(endpoint, tmp_path / "b", questions(20), shared_cache=tmp_path / "shared")
        asked(endpoint, tmp_path / "b", questions(20))
        assert endpoint.stats["requests"] == 20


def test_the_same_request_in_flight_is_paid_once(tmp_path: Path) -> None:
    with start_endpoint(fixed_s=0.1) as endpoint:
        collected = asked(endpoint, tmp_path, [question(1)] * 10)
        assert endpoint.stats["requests"] == 1
    assert collected.calls == 10


def test_follow_up_requests_are_answered_too(tmp_path: Path) -> None:
    calls: list[str] = []

    def handle(request: Request, completion: Completion) -> Iterable[Request]:
        calls.append(request.recipe)
        if request.recipe == "qa":
            yield question(len(calls), recipe="rating")

    async def work(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url), tmp_path) as gateway:
            await gateway.run((question(number) for number in range(1000, 1010)), handle)

    with start_endpoint() as endpoint:
        asyncio.run(work(endpoint))
    assert sorted(calls) == ["qa"] * 10 + ["rating"] * 10


def test_runs_and_single_requests_share_the_slots(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> Completion:
        async with open_gateway(settings_for(endpoint.base_url, concurrency=4), tmp_path) as gateway:
            runs = [
                asyncio.create_task(gateway.run(questions(40), Collected())),
                asyncio.create_task(gateway.run((question(n) for n in range(100, 140)), Collected())),
            ]
            answer = await gateway.complete(question(7777))
            assert gateway.stats().done < 80
            await asyncio.gather(*runs)
        return answer

    with start_endpoint(fixed_s=0.02) as endpoint:
        assert isinstance(asyncio.run(work(endpoint)), Reply)
        assert endpoint.stats["most_at_once"] == 4


def test_requests_are_pulled_only_as_slots_come_free(tmp_path: Path) -> None:
    pulled = 0

    def endless() -> Iterable[Request]:
        nonlocal pulled
        while True:
            pulled += 1
            yield question(pulled)

    async def work(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url, concurrency=4), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(endless(), Collected()))
            await asyncio.sleep(0.3)
            assert pulled <= 5
            gateway.stop()
            await asyncio.wait_for(run, 3)

    with start_endpoint(fixed_s=30) as endpoint:
        asyncio.run(work(endpoint))


def test_stopping_ends_what_is_out_as_cancelled(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> Collected:
        collected = Collected()
        async with open_gateway(settings_for(endpoint.base_url), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(5), collected))
            await asyncio.sleep(0.2)
            gateway.stop()
            await asyncio.wait_for(run, 3)
        return collected

    with start_endpoint(fixed_s=30) as endpoint:
        collected = asyncio.run(work(endpoint))
    assert [c.reason for c in collected.by_id.values() if isinstance(c, Failure)] == [
        FailureReason.CANCELLED
    ] * 5


def test_an_error_of_the_callers_own_is_raised_by_its_run(tmp_path: Path) -> None:
    def handle(request: Request, completion: Completion) -> Iterable[Request]:
        raise KeyError("mine")

    async def work(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url), tmp_path) as gateway:
            await gateway.run(questions(5), handle)

    with start_endpoint() as endpoint, pytest.raises(KeyError, match="mine"):
        asyncio.run(work(endpoint))


def test_a_groups_first_request_goes_ahead_and_warms_the_cache(tmp_path: Path) -> None:
    document = " ".join(f"Rule {number} says that {SOURCE}" for number in range(40))
    requests = [question(number, group="document", source=document) for number in range(30)]
    with start_endpoint(prefill_tokens_per_s=50_000) as endpoint:
        collected = asked(endpoint, tmp_path, requests)
    usages = [completion.usage for completion in collected.by_id.values()]
    cold = [usage for usage in usages if usage.cached_tokens < usage.prompt_tokens * 0.95]
    assert len(cold) == 1


def test_no_answer_is_lost_under_every_fault_at_once(tmp_path: Path) -> None:
    faults = Faults(
        http_500=0.05, http_503=0.03, dropped=0.03, truncated_body=0.03, malformed=0.05, wrong_schema=0.03,
        stalled=0.02,
    )  # fmt: skip
    with start_endpoint(faults=faults, burst_every_s=1.0, burst_s=0.1, seed=3) as endpoint:
        collected = asked(endpoint, tmp_path, questions(300), max_attempts=10, timeout_s=3.0)
        stats = endpoint.stats
    assert [c for c in collected.by_id.values() if isinstance(c, Failure)] == []
    assert len(collected.by_id) == 300
    faulted = sum(stats.get(name, 0) for name in (*Faults.__slots__, "http_429"))
    assert stats["requests"] <= 1.1 * 300 + 2 * faulted


@pytest.mark.parametrize(
    ("fault", "reason", "tries"),
    [
        ("empty", FailureReason.MALFORMED, 2),
        ("wrong_schema", FailureReason.MALFORMED, 4),
        ("refused", FailureReason.REFUSED, 1),
    ],
)
def test_an_unusable_answer_is_a_recorded_failure(
    tmp_path: Path, fault: str, reason: FailureReason, tries: int
) -> None:
    with start_endpoint(faults=Faults(**{fault: 1.0})) as endpoint:
        for _ in range(2):
            collected = asked(endpoint, tmp_path, [question(1)])
            [completion] = collected.by_id.values()
            assert isinstance(completion, Failure)
            assert completion.reason is reason
        assert endpoint.stats["requests"] == tries


def test_a_truncated_answer_is_asked_for_again_with_more_room_once(tmp_path: Path) -> None:
    with start_endpoint(faults=Faults(cut_off=1.0)) as endpoint:
        collected = asked(endpoint, tmp_path, [question(1)])
        assert endpoint.stats["requests"] == 2
    [completion] = collected.by_id.values()
    assert isinstance(completion, Failure | Reply)
    assert isinstance(completion, Reply) or completion.reason is FailureReason.TRUNCATED


def test_characters_that_cannot_be_stored_are_cleaned(tmp_path: Path) -> None:
    with start_endpoint(faults=Faults(hostile_text=1.0)) as endpoint:
        collected = asked(endpoint, tmp_path, [question(1)])
    [completion] = collected.by_id.values()
    assert isinstance(completion, Reply)
    completion.text.encode()
    assert "\x00" not in completion.text
    assert "\ufffd" in completion.text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(key="right"), "check the key in OPENAI_API_KEY"),
        (Options(model="another"), "check the model's name"),
    ],
)
def test_a_wrong_key_or_model_stops_the_run_at_once(tmp_path: Path, options: Options, words: str) -> None:
    with start_endpoint(options) as endpoint:
        with pytest.raises(EndpointError, match=words):
            asked(endpoint, tmp_path, questions(100), concurrency=2)
        assert endpoint.stats["requests"] <= 4


def test_a_key_that_the_server_repeats_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    with start_endpoint(key="right") as endpoint, pytest.raises(EndpointError) as caught:
        asked(endpoint, tmp_path, questions(1))
    assert "very-secret" not in str(caught.value)


def test_a_wrong_address_is_told_within_seconds(tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match="does not answer"):
        asked(Started("http://127.0.0.1:9/v1"), tmp_path, questions(3))


def test_another_protocol_is_recognised(tmp_path: Path) -> None:
    with start_endpoint() as endpoint, pytest.raises(EndpointError, match="base URL"):
        asked(Started(endpoint.base_url + "/nowhere"), tmp_path, questions(3))


@pytest.mark.parametrize(
    "refuses",
    [
        ("json_schema",),
        ("json_schema", "json_object"),
        ("max_completion_tokens",),
        ("temperature", "max_completion_tokens"),
    ],
)
def test_an_endpoint_that_refuses_a_parameter_is_asked_differently(
    tmp_path: Path, refuses: tuple[str, ...]
) -> None:
    with start_endpoint(refuses=refuses) as endpoint:
        collected = asked(endpoint, tmp_path / "a", questions(40))
        assert all(isinstance(completion, Reply) for completion in collected.by_id.values())
        before = endpoint.stats["requests"]
        asked(endpoint, tmp_path / "b", questions(40))
        assert endpoint.stats["requests"] == before + 40


def test_an_outage_is_survived_without_a_loss(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> Collected:
        collected = Collected()
        async with open_gateway(settings_for(endpoint.base_url, max_attempts=2), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(400), collected))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(endpoint.go_down)
            await asyncio.sleep(1.5)
            assert gateway.stats().paused
            await asyncio.to_thread(endpoint.come_back)
            await run
        return collected

    with start_endpoint(fixed_s=0.1) as endpoint:
        collected = asyncio.run(work(endpoint))
    assert len(collected.by_id) == 400
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_an_endless_outage_ends_the_run(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> None:
        async with open_gateway(settings_for(endpoint.base_url, outage_s=0.5), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(400), Collected()))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(endpoint.go_down)
            await run

    with start_endpoint(fixed_s=0.1) as endpoint, pytest.raises(EndpointError, match="does not answer"):
        asyncio.run(work(endpoint))


def test_a_storm_of_429_is_waited_out_in_silence(tmp_path: Path) -> None:
    async def work(endpoint: Started) -> Collected:
        collected = Collected()
        async with open_gateway(settings_for(endpoint.base_url, max_attempts=2), tmp_path) as gateway:
            run = asyncio.create_task(gateway.run(questions(300), collected))
            await asyncio.sleep(1)
            assert "turns requests away" in gateway.stats().paused
            await run
            assert not gateway.stats().paused
        return collected

    with start_endpoint(burst_every_s=1000, burst_s=3.0) as endpoint:
        collected = asyncio.run(work(endpoint))
        assert endpoint.stats["http_429"] <= 2 * 32
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())


def test_an_endpoint_that_turns_everything_away_ends_the_run_in_time(tmp_path: Path) -> None:
    with start_endpoint(burst_every_s=1000, burst_s=1000) as endpoint:
        with pytest.raises(EndpointError, match="turned all requests away"):
            asked(endpoint, tmp_path, questions(300), outage_s=1.0, concurrency=4)
        assert endpoint.stats["requests"] < 40


def test_a_price_of_one_part_alone_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"llm\.price\.completion.*missing"):
        settings_for("http://127.0.0.1:9/v1", price={"prompt": 1.0}, budget={"usd": 1})


@pytest.mark.parametrize("address", ["localhost:8000/v1", "ftp://127.0.0.1/v1"])
def test_an_address_of_another_kind_is_refused_at_once(address: str) -> None:
    with pytest.raises(SettingsError, match=r"base_url.*http://"):
        settings_for(address)


def test_a_budget_of_requests_is_never_overshot(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        collected = asked(endpoint, tmp_path, questions(50), budget={"requests": 20})
        assert endpoint.stats["requests"] == 20
        again = asked(endpoint, tmp_path, questions(50), budget={"requests": 20})
        assert endpoint.stats["requests"] == 20
    for ended in (collected, again):
        failures = [c for c in ended.by_id.values() if isinstance(c, Failure)]
        assert [failure.reason for failure in failures] == [FailureReason.BUDGET] * 30


def test_a_budget_in_dollars_needs_a_price(tmp_path: Path) -> None:
    with start_endpoint() as endpoint, pytest.raises(SettingsError, match=r"budget\.usd"):
        asked(endpoint, tmp_path, questions(1), budget={"usd": 1})


def test_a_prompt_that_is_too_long_is_a_failure_of_its_own(tmp_path: Path) -> None:
    with start_endpoint(window=200) as endpoint:
        collected = asked(endpoint, tmp_path, [question(1), question(2, source=SOURCE * 20)])
    reasons = {c.reason for c in collected.by_id.values() if isinstance(c, Failure)}
    assert reasons == {FailureReason.CONTEXT_TOO_LONG}


def test_several_endpoints_share_the_work_and_one_that_is_down_is_left_out(tmp_path: Path) -> None:
    with start_endpoint(fixed_s=0.02) as one, start_endpoint(fixed_s=0.02) as other:
        both = [{"base_url": one.base_url, "weight": 3}, {"base_url": other.base_url}]
        settings = settings_for(one.base_url, endpoints=both, concurrency=8).model_copy(
            update={"base_url": None}
        )

        async def work() -> Collected:
            collected = Collected()
            async with open_gateway(settings, tmp_path) as gateway:
                await gateway.run(questions(200), collected)
                await asyncio.to_thread(other.go_down)
                await gateway.run((question(number) for number in range(1000, 1100)), collected)
            return collected

        collected = asyncio.run(work())
        assert all(isinstance(completion, Reply) for completion in collected.by_id.values())
        assert one.stats["answered"] > other.stats["answered"] > 20


def test_each_of_several_endpoints_has_limits_of_its_own(tmp_path: Path) -> None:
    with start_endpoint() as slow, start_endpoint() as fast:
        both = [{"base_url": slow.base_url, "requests_per_minute": 30}, {"base_url": fast.base_url}]
        settings = settings_for(slow.base_url, endpoints=both).model_copy(update={"base_url": None})

        async def work() -> None:
            async with open_gateway(settings, tmp_path) as gateway:
                await gateway.run(questions(60), Collected())

        started = time.monotonic()
        asyncio.run(work())
        allowed = 1 + (time.monotonic() - started) / 2
        assert 1 <= slow.stats["requests"] <= allowed + 1
        assert fast.stats["requests"] == 60 - slow.stats["requests"]


def test_a_journal_that_cannot_be_written_stops_the_run_cleanly(tmp_path: Path) -> None:
    (tmp_path / "replies").write_text("in the way")
    with start_endpoint() as endpoint, pytest.raises(RunFolderError, match="journal"):
        asked(endpoint, tmp_path / "replies", questions(1))


def test_prose_instead_of_json_ends_as_malformed(tmp_path: Path) -> None:
    with start_endpoint(prose_only=True) as endpoint:
        collected = asked(endpoint, tmp_path, questions(3))
    assert {c.reason for c in collected.by_id.values() if isinstance(c, Failure)} == {FailureReason.MALFORMED}


def test_a_request_for_prose_needs_no_schema(tmp_path: Path) -> None:
    request = Request("talk", (Message("user", SOURCE),), question(1).sampling)
    with start_endpoint() as endpoint:
        collected = asked(endpoint, tmp_path, [request])
    [completion] = collected.by_id.values()
    assert isinstance(completion, Reply)
    assert completion.text in SOURCE


def test_requests_per_minute_are_kept(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        started = time.monotonic()
        asked(endpoint, tmp_path, questions(60), requests_per_minute=1200)
        took_s = time.monotonic() - started
    assert 0.9 < took_s < 4.0


def test_a_full_disk_ends_the_run_and_nothing_paid_is_lost(tmp_path: Path) -> None:
    with start_endpoint(fixed_s=0.02) as endpoint:
        command = [
            sys.executable,
            "-m",
            "tests.pipeline.llms.killed",
            endpoint.base_url,
            str(tmp_path),
            "150000",
        ]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
        assert ended.returncode != 0
        assert "RunFolderError" in ended.stderr
        paid = endpoint.stats["requests"]
        assert 20 < list_replies(tmp_path)[0].replies < paid < 300
        assert len(asked(endpoint, tmp_path, questions(300)).by_id) == 300
        assert endpoint.stats["requests"] == 300
        assert endpoint.stats["repeated"] == 0
    assert list(tmp_path.glob("reserve-*")) == []
