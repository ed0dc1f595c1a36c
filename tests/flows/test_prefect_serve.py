"""`tunesmith serve` on a standing server: a run as people see it, its cancellation, and the way on."""

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import yaml

from pipeline.store import read_run
from tests.endpoint.options import Options
from tests.endpoint.start import Started, start_endpoint
from tests.flows.prefect_server import HANDBOOK, ROOT, Server, finished, until

if TYPE_CHECKING:
    import subprocess

    from prefect.client.schemas.filters import DeploymentFilter

pytestmark = pytest.mark.slow

CONCURRENCY = 2
_TASKS = {"parse", "make", "export"}


@dataclass(frozen=True, slots=True)
class Served:
    """A build that is served: by which process, asking which endpoint, into which folder."""

    server: Server
    process: "subprocess.Popen[str]"
    endpoint: Started
    out: Path
    health: str
    metrics: str

    def start_run(self) -> UUID:
        """Ask for a run now, as a schedule would."""
        with self.server.client() as client:
            deployment = client.read_deployment_by_name("tunesmith-build/nightly")
            return client.create_flow_run_from_deployment(deployment.id).id

    def sent(self) -> int:
        """Return how many requests the endpoint has got."""
        return int(self.endpoint.stats.get("requests", 0))


@pytest.fixture(scope="module")
def served(prefect_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        port, metrics_port = free.getsockname()[1], other.getsockname()[1]
    prefect_server.environment["OPENAI_API_KEY"] = "sk-not-a-real-key"
    with (
        start_endpoint(Options(slots=CONCURRENCY, fixed_s=0.3)) as endpoint,
        prefect_server.started(
            "serve", str(HANDBOOK), "--out", "runs/nightly", "--model", "openai/sim",
            "--base-url", endpoint.base_url, "--no-judge", "--concurrency", str(CONCURRENCY),
            "--name", "nightly", "--cron", "0 2 * * *", "--timezone", "Europe/Berlin",
            "--health-port", str(port), "--log-format", "json", "--metrics-port", str(metrics_port),
            cwd=folder,
        ) as process,
    ):  # fmt: skip
        health = f"http://127.0.0.1:{port}/health"
        until(lambda: healthy(health) or process.poll() is not None)
        metrics = f"http://127.0.0.1:{metrics_port}/metrics"
        yield Served(prefect_server, process, endpoint, folder / "runs" / "nightly", health, metrics)


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def test_what_is_served_is_healthy_and_has_its_timetable(served: Served) -> None:
    assert healthy(served.health)
    with served.server.client() as client:
        deployment = client.read_deployment_by_name("tunesmith-build/nightly")
    [schedule] = deployment.schedules
    assert schedule.schedule.model_dump(include={"cron", "timezone"}) == {
        "cron": "0 2 * * *",
        "timezone": "Europe/Berlin",
    }
    assert "sk-not-a-real-key" not in deployment.model_dump_json()
    assert {"tunesmith", "openai/sim"} == set(deployment.tags)


def test_a_cancelled_run_stops_asking_within_seconds_and_the_next_goes_on(served: Served) -> None:
    from prefect.client.schemas.objects import StateType
    from prefect.states import Cancelling

    first = served.start_run()
    until(lambda: served.endpoint.stats.get("answered", 0) >= 4)
    with urllib.request.urlopen(served.metrics, timeout=10) as scraped:
        assert b"\ntunesmith_requests_sent_total " in scraped.read()
    with served.server.client() as client:
        client.set_flow_run_state(first, Cancelling())
    began = time.monotonic()
    ended = served.server.wait_for(first, finished)
    assert time.monotonic() - began < 10
    assert ended.state is not None
    assert ended.state.type is StateType.CANCELLED
    sent = served.sent()
    time.sleep(1)
    assert served.sent() == sent

    second = served.server.wait_for(served.start_run(), finished, timeout_s=120)
    assert second.state is not None
    assert second.state.name == "CompletedWithFailures"
    assert "1 needs vision" in (second.state.message or "")
    assert served.endpoint.stats.get("repeated", 0) <= CONCURRENCY
    manifest = read_run(served.out).manifest()
    assert manifest is not None
    assert manifest.finished
    assert (served.out / "report.html").exists()


def test_a_finished_run_shows_its_ledger_rows_and_links_and_tells_of_its_dataset(served: Served) -> None:
    training = automated(served)
    run = served.server.wait_for(served.start_run(), finished)
    deadline = time.monotonic() + 30
    shown = _shown(served, run.id)
    while time.monotonic() < deadline and not (shown.events and shown.task_names == _TASKS):
        time.sleep(0.5)  # the server takes in events and task states as they come, not at once
        shown = _shown(served, run.id)
    assert set(shown.artifacts) - {"tunesmith-progress-nightly"} == {  # that one, where the run took a while
        "tunesmith-ledger-nightly",
        "tunesmith-samples-nightly",
        "tunesmith-report-nightly",
        "tunesmith-dataset-nightly",
    }
    ledger = json.loads(str(shown.artifacts["tunesmith-ledger-nightly"]))
    assert {"stage": "sources", "end": "failed", "reason": "needs_vision", "count": 1} in ledger
    assert shown.task_names == _TASKS
    assert shown.events[0]["resource"]["prefect.resource.id"] == "tunesmith.dataset.nightly"
    assert sum(shown.events[0]["payload"]["rows"].values()) > 0
    dataset = str(served.out.resolve() / "dataset")
    assert shown.events[0]["payload"]["dataset"] == dataset
    with served.server.client() as client:
        [started] = until(lambda: client.read_flow_runs(deployment_filter=one_of(training)))
    assert started.parameters == {"dataset": dataset}


def automated(served: Served) -> UUID:
    """Put the example automation on the server, for a deployment of its own, and return that one's id."""
    told = yaml.safe_load((ROOT / "deploy" / "automation.yaml").read_text())
    with served.server.client() as client:
        training = client.create_deployment(flow_id=client.create_flow_from_name("train"), name="train")
        told["actions"][0]["deployment_id"] = str(training)
        client.request("POST", "/automations/", json=told)
    return training


def one_of(deployment: UUID) -> "DeploymentFilter":
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

    return DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the server shows of a run: its artifacts' data by key, its completed tasks, its events."""

    artifacts: dict[str, Any]
    task_names: set[str]
    events: list[dict[str, Any]]


def _shown(served: Served, run_id: UUID) -> Shown:
    with served.server.client() as client:
        artifacts = client.read_artifacts(limit=200)
        tasks = [task for task in client.read_task_runs() if task.flow_run_id == run_id]
        wanted = {"filter": {"event": {"name": ["tunesmith.dataset.published"]}}}
        events = client.request("POST", "/events/filter", json=wanted).json()["events"]
    completed = {
        task.name.partition(" ")[0]
        for task in tasks
        if task.state_type is not None and task.state_type.value == "COMPLETED"
    }
    mine = {each.key: each.data for each in artifacts if each.key and each.flow_run_id == run_id}
    return Shown(mine, completed, events)


def test_sigterm_ends_the_server_of_runs_within_ten_seconds(served: Served) -> None:
    run = served.start_run()
    served.server.wait_for(run, lambda found: found.state is not None and found.state.is_running())
    began = time.monotonic()
    os.kill(served.process.pid, signal.SIGTERM)
    served.process.wait(15)
    assert time.monotonic() - began < 10
    assert finished(served.server.wait_for(run, finished, timeout_s=10))
