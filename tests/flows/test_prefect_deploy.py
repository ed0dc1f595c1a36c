"""`tunesmith deploy`, a worker that runs what it deployed, and the examples of deployments."""

import sys
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
import yaml

from tests.flows.prefect_server import HANDBOOK, ROOT, Server, finished

EXAMPLES = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


@pytest.mark.slow
def test_a_worker_runs_what_was_deployed_and_finds_the_folder(prefect_server: Server, tmp_path: Path) -> None:
    (tmp_path / "tunesmith.yaml").write_text(f"sources: ['{HANDBOOK}']\nout: runs/by-worker\n")
    done = prefect_server.run(
        "deploy",
        "--config",
        "tunesmith.yaml",
        "--cron",
        "0 2 * * *",
        "--timezone",
        "Asia/Tokyo",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "tunesmith-build/by-worker runs 0 2 * * * (Asia/Tokyo)" in done.stdout
    bad = prefect_server.run("deploy", "--config", "tunesmith.yaml", "--cron", "2 o'clock", cwd=tmp_path)
    assert bad.returncode == 2
    assert bad.stderr.strip().startswith("error: --cron wants")
    assert "\n" not in bad.stderr.strip()

    with prefect_server.client() as client:
        deployment = client.read_deployment_by_name("tunesmith-build/by-worker")
        run = client.create_flow_run_from_deployment(deployment.id).id
    worker = Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "tunesmith", "--run-once"],
        cwd=ROOT, env=prefect_server.environment, stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        ended = prefect_server.wait_for(run, finished, timeout_s=180)
    finally:
        worker.terminate()
        worker.wait(20)
    assert ended.state is not None
    assert ended.state.name == "CompletedWithFailures"
    assert (tmp_path / "runs" / "by-worker" / "dataset" / "README.md").exists()


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


@pytest.mark.slow
def test_the_example_automation_is_one_that_prefect_knows() -> None:
    from prefect.automations import Automation
    from prefect.events.schemas.automations import AutomationCore

    told = yaml.safe_load((ROOT / "deploy" / "automation.yaml").read_text())
    automation = AutomationCore.model_validate(told)
    assert Automation.model_validate(told).name == automation.name == "train-on-new-dataset"


@pytest.mark.slow
def test_every_deployment_of_the_example_file_is_one_that_prefect_can_create() -> None:
    from prefect.cli.deploy._models import PrefectYamlModel

    model = PrefectYamlModel.model_validate(yaml.safe_load((ROOT / "prefect.yaml").read_text()))
    assert [deployment.name for deployment in model.deployments] == [example["name"] for example in EXAMPLES]
