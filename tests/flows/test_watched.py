"""What a run tells machines: a line of JSON per event, and counts for Prometheus."""

import asyncio
import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from flows import build
from flows.api import open_job, run_settings
from flows.configuring import configure
from flows.metrics import metrics_server
from flows.stages.build import PlainSteps
from flows.stages.build import build as build_dataset
from flows.telemetry import SILENT, Telemetry, telemetry_of
from schemas.errors import NothingLeft, SettingsError, TimedOut
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_documents

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs", 10)


def test_a_run_tells_of_its_start_its_batches_and_its_end(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    run_settings(
        configure({"sources": [str(docs)], "out": out}), direct=True, telemetry=Telemetry(json_log=True)
    )
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in told] == ["run started", "batch done", "batch done", "run ended"]
    assert all(line["time"].endswith("+00:00") and line["level"] == "info" for line in told)
    assert sum(line["documents"] for line in told[1:3]) == 10
    assert told[2]["kept"] + sum(told[2]["dropped"].values()) == told[2]["samples"] > 0
    assert told[3]["error"] == ""
    assert told[3]["seconds"] > 0


def test_a_run_that_fails_tells_why(docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = configure(
        {
            "sources": [str(docs)],
            "out": str(tmp_path / "run"),
            "select": {"min_score": 1.0},
            "recipes": ["qa"],
        }
    )
    with start_endpoint(Options(prose_only=True)) as endpoint, pytest.raises(NothingLeft) as caught:
        run_settings(
            settings.model_copy(update=endpoint.settings),
            direct=True,
            telemetry=Telemetry(json_log=True),
        )
    last = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (last["event"], last["error"]) == ("run ended", str(caught.value))


def test_without_the_option_nothing_is_logged(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build([docs], out=str(tmp_path / "run"), direct=True)
    assert capsys.readouterr().err == ""


def test_a_run_serves_its_counts_while_it_works(docs: Path, tmp_path: Path) -> None:
    with start_endpoint(Options(slots=4, fixed_s=0.2)) as endpoint:
        settings = configure(
            {
                "sources": [str(docs)], "out": str(tmp_path / "run"), **endpoint.settings,
                "recipes": ["qa:2"], "filters": ["evidence", "length", "judge"],
                "llm": {"concurrency": 4, "adaptive": False},
            }
        )  # fmt: skip
        with open_job(settings) as job, metrics_server(job, 0) as port:
            work = threading.Thread(target=lambda: asyncio.run(build_dataset(job, PlainSteps())))
            work.start()
            busiest = 0.0
            while work.is_alive():
                busiest = max(busiest, scraped(port).get("tunesmith_slots_busy", 0.0))
                time.sleep(0.05)
            work.join()
            counts = scraped(port)
        requests = endpoint.stats["requests"]
    assert 0 < busiest <= 4
    assert counts["tunesmith_slots_busy"] == 0
    assert counts["tunesmith_requests_sent_total"] == counts["tunesmith_requests_done_total"] == requests
    assert counts["tunesmith_documents_total"] == 10
    assert counts['tunesmith_tokens_total{kind="prompt"}'] > 0
    dropped = sum(
        value for name, value in counts.items() if name.startswith("tunesmith_samples_dropped_total")
    )
    assert counts["tunesmith_samples_kept_total"] + dropped == counts["tunesmith_samples_total"] > 0


def test_a_taken_port_is_told_before_anything_is_spent(docs: Path, tmp_path: Path) -> None:
    settings = configure({"sources": [str(docs)], "out": str(tmp_path / "run")})
    with (
        open_job(settings) as job,
        metrics_server(job, 0) as port,
        pytest.raises(SettingsError, match="cannot be used"),
        metrics_server(job, port),
    ):
        pass


def test_a_workers_environment_says_what_options_say() -> None:
    for told in (SILENT, Telemetry(True, 9464), Telemetry(metrics_port=1, metrics_host="0.0.0.0")):
        assert telemetry_of(told.as_environment()) == told
    for name, value in (("TUNESMITH_LOG_FORMAT", "xml"), ("TUNESMITH_METRICS_PORT", "http")):
        with pytest.raises(SettingsError, match=f"{name} wants"):
            telemetry_of({name: value})


def test_a_run_that_takes_too_long_stops_and_goes_on_with_the_next(docs: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    with start_endpoint(Options(slots=1, fixed_s=0.3)) as endpoint:
        asked: dict[str, Any] = {
            "out": out, **endpoint.settings, "recipes": ["qa:2"],
            "filters": ["evidence"], "llm": {"concurrency": 1}, "direct": True,
        }  # fmt: skip
        with pytest.raises(TimedOut, match="goes on from there") as caught:
            build([docs], timeout_s=1.5, **asked)
        assert caught.value.exit_code == 124
        assert build([docs], timeout_s=600, **asked).ledger["samples"].kept > 0
        assert endpoint.stats.get("repeated", 0) <= 1


def scraped(port: int) -> dict[str, float]:
    """Return the values of a scrape, by name and labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    return {
        name: float(value)
        for line in lines
        if line and not line.startswith("#")
        for name, _, value in [line.rpartition(" ")]
    }
