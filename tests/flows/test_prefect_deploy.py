"""`tunesmith deploy`, a worker that runs what it deployed, and the examples of deployments."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import yaml

from tests.endpoint.options import Options
from tests.endpoint.start import Started, start_endpoint
from tests.flows.prefect_server import HANDBOOK, ROOT, Server, finished, until

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

EXAMPLES = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
KEY = "sk-canary-0b6e5f"
BAD_PARAMETERS: list[tuple[dict[str, object], str]] = [
    ({"limt": 3}, "'limt' was unexpected"),
    ({"limit": 0}, "less than the minimum of 1"),
    ({"parse": {"passwords": ["open sesame"]}}, "'passwords' was unexpected"),
    ({"recipes": [{"name": "qa", "cout": 3}]}, "settings.recipes[0]"),
]


@pytest.fixture
def endpoint(prefect_server: Server) -> Iterator[Started]:
    """Give an endpoint that wants the key of a secret block, which no environment holds."""
    from prefect.blocks.system import Secret
    from prefect.settings import PREFECT_API_URL, temporary_settings

    prefect_server.environment.pop("OPENAI_API_KEY", None)
    with start_endpoint(Options(slots=4, key=KEY)) as started:
        with temporary_settings({PREFECT_API_URL: prefect_server.url}):
            Secret(value=KEY).save("model-key", overwrite=True)
        yield started


@pytest.mark.slow
def test_a_worker_runs_what_was_deployed_with_a_key_that_is_written_nowhere(
    prefect_server: Server, endpoint: Started, tmp_path: Path
) -> None:
    (tmp_path / "tunesmith.yaml").write_text(
        f"sources: ['{HANDBOOK}']\nout: runs/by-worker\nrecipes: [qa:1]\n"
    )
    asked = ("--model", "openai/sim", "--base-url", endpoint.base_url, "--no-judge")
    deploy = ("deploy", "--config", "tunesmith.yaml", *asked, "--cron", "0 2 * * *", "--secret")
    bad = prefect_server.run(*deploy, "OPENAI_API_KEY=no-such-block", cwd=tmp_path)
    assert bad.returncode == 2
    assert "no secret block is called 'no-such-block'" in bad.stderr

    done = prefect_server.run(*deploy, "OPENAI_API_KEY=model-key", "--timezone", "Asia/Tokyo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "tunesmith-build/by-worker runs 0 2 * * * (Asia/Tokyo), next on " in done.stdout

    with prefect_server.client() as client:
        deployment = client.read_deployment_by_name("tunesmith-build/by-worker")
        run = client.create_flow_run_from_deployment(deployment.id).id
    with working(prefect_server) as worker:
        ended = prefect_server.wait_for(run, finished, timeout_s=180)
        assert worker.poll() is None
        until(lambda: logged(prefect_server, run))  # the run's process sends what it logged as it ends
    assert ended.state is not None
    assert ended.state.name == "CompletedWithFailures"
    assert (tmp_path / "runs" / "by-worker" / "dataset" / "README.md").exists()
    written = [*tmp_path.rglob("*"), *prefect_server.home.rglob("*")]
    assert [path for path in written if path.is_file() and KEY.encode() in path.read_bytes()] == []


@contextmanager
def working(server: Server) -> "Iterator[Popen[bytes]]":
    """Give a worker of our pool, and end it."""
    worker = Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "tunesmith"],
        cwd=ROOT, env=server.environment, stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(20)


def logged(server: Server, run: UUID) -> bool:
    """Whether what a run's tasks logged has reached the server."""
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

    with server.client() as client:
        logs = client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run])), limit=200)
    return any("documents done" in log.message for log in logs)


@pytest.mark.slow
def test_a_server_plans_the_runs_of_a_timetable_and_refuses_parameters_that_cannot_be(
    prefect_server: Server, tmp_path: Path
) -> None:
    from prefect.exceptions import PrefectHTTPStatusError

    timetable = ("--name", "planned", "--cron", "30 2 * * *")
    done = prefect_server.run("deploy", str(HANDBOOK), "elsewhere/", *timetable, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("mind: ") == 1
    assert "mind: elsewhere/: no such file or folder; the workers must find it" in done.stdout
    with prefect_server.client() as client:
        deployment = client.read_deployment_by_name("tunesmith-build/planned")

        def planned() -> "list[FlowRun]":
            return client.read_flow_runs(
                deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id]))
            )

        from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

        assert {run.state_name for run in until(planned)} == {"Scheduled"}
        for settings, told in BAD_PARAMETERS:
            with pytest.raises(PrefectHTTPStatusError) as caught:
                client.create_flow_run_from_deployment(
                    deployment.id, parameters={"settings": {"sources": ["docs"]} | settings}
                )
            assert told in caught.value.response.text
        short = {"recipes": ["qa:3", {"cot": 2}], "budget": "5usd", "partitions": 2}
        client.create_flow_run_from_deployment(
            deployment.id, parameters={"settings": {"sources": ["docs"]} | short}
        )
        client.delete_deployment(deployment.id)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["name"]))
def test_the_examples_of_deployments_have_settings_and_schedules_that_work(
    example: dict[str, dict[str, object]],
) -> None:
    from flows.timetable import Timetable
    from schemas.settings import load_settings

    settings = example["parameters"]["settings"]
    assert isinstance(settings, dict)
    assert load_settings(settings).sources
    [schedule] = example["schedules"]
    assert isinstance(schedule, dict)
    timetable = Timetable(cron=schedule["cron"], timezone=schedule["timezone"])
    timetable.check()
    assert str(example["entrypoint"]) == "flows.orchestrate.build_flow"
    assert "{{" not in json.dumps(example), (
        "prefect deploy would store what it stands for, a key for instance"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["automation", "arrival", "lost"])
def test_the_example_automations_are_ones_that_prefect_knows(name: str) -> None:
    from prefect.automations import Automation
    from prefect.events.schemas.automations import AutomationCore

    told = yaml.safe_load((ROOT / "deploy" / f"{name}.yaml").read_text())
    automation = AutomationCore.model_validate(told)
    assert Automation.model_validate(told).name == automation.name == told["name"]


@pytest.mark.slow
def test_every_deployment_of_the_example_file_is_one_that_prefect_can_create() -> None:
    from prefect.cli.deploy._models import PrefectYamlModel

    model = PrefectYamlModel.model_validate(yaml.safe_load((ROOT / "prefect.yaml").read_text()))
    assert [deployment.name for deployment in model.deployments] == [example["name"] for example in EXAMPLES]
