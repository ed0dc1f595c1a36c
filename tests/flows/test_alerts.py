"""The rules for Prometheus: about counts that there are, and, where promtool is at hand, tried on series."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from flows.metrics import metrics_text
from flows.stages.job import Job
from pipeline.store import open_run
from schemas.settings import load_settings
from tests.flows.prefect_server import ROOT

RULES = ROOT / "deploy" / "alerts.yaml"
PROMTOOL = shutil.which("promtool")


@pytest.fixture
def told(tmp_path: Path) -> set[str]:
    """The names of all counts that a run serves."""
    with open_run(tmp_path / "run") as run:
        return set(re.findall(r"^# TYPE (\w+)", metrics_text(Job(load_settings({}), run)), re.MULTILINE))


def test_every_rule_is_about_counts_that_a_run_serves(told: set[str]) -> None:
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    for rule in group["rules"]:
        names = set(re.findall(r"tunesmith_\w+", rule["expr"]))
        assert names
        assert names <= told, rule["alert"]
        assert rule["annotations"]["summary"]


def test_every_count_of_the_documentation_is_served(told: set[str]) -> None:
    table = (ROOT / "docs" / "incremental.md").read_text()
    names = set(re.findall(r"`(tunesmith_\w+)", table))
    assert names
    assert names <= told


def test_a_rule_that_compares_a_sum_keeps_the_labels_that_it_is_compared_by() -> None:
    rules = RULES.read_text()
    assert not re.search(r"sum *\(", rules), "a bare sum has no instance, and never meets one that has"


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_the_rules_fire_in_a_run_in_trouble_and_in_no_other() -> None:
    done = subprocess.run(
        [str(PROMTOOL), "test", "rules", "deploy/alerts_test.yaml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
