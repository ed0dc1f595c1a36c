"""Whole builds against an endpoint that speaks the real protocol, on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows import build
from flows.api import run_stage
from flows.configuring import configure
from flows.summary import result_text
from pipeline.store import read_run
from schemas.errors import EndpointError, NothingLeft, SettingsError
from schemas.requests import FailureReason
from schemas.settings import load_settings
from tests.endpoint.options import Faults, Options
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_document

ROOT = Path(__file__).parents[2]
HANDBOOK = str(ROOT / "examples" / "handbook")
TUNESMITH = [sys.executable, "-P", "-c", "from flows.cli import main; main()"]

pytestmark = pytest.mark.usefixtures("openai_key")


def test_a_model_makes_and_judges_samples_that_all_have_evidence(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        result = build([HANDBOOK], out=str(tmp_path / "run"), direct=True, **endpoint.settings)
    kept = [each.judged for each in result.samples()]
    assert {each.sample.recipe for each in kept} == {"qa", "cot"}
    assert all(each.sample.evidence for each in kept)
    assert all(any(verdict.filter == "judge" for verdict in each.verdicts) for each in kept)
    assert {"qa", "cot", "judge"} <= set(result.manifest.usage)


def test_the_same_build_again_sends_nothing(tmp_path: Path) -> None:
    with start_endpoint() as endpoint:
        for _ in range(2):
            build(
                [HANDBOOK],
                out=str(tmp_path / "run"),
                direct=True,
                **endpoint.settings,
            )
        assert endpoint.stats.get("repeated", 0) == 0


def test_a_changed_filter_costs_no_request(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"out": str(tmp_path / "run"), "model": "openai/sim"}
    with start_endpoint() as endpoint:
        build([HANDBOOK], direct=True, base_url=endpoint.base_url, **settings)
        sent = endpoint.stats["requests"]
        build([HANDBOOK], direct=True, base_url=endpoint.base_url, filters=["evidence"], **settings)
        assert endpoint.stats["requests"] == sent


def test_no_key_is_written_anywhere(tmp_path: Path) -> None:
    with start_endpoint(Options(key="sk-not-a-real-key")) as endpoint:
        build([HANDBOOK], out=str(tmp_path / "run"), direct=True, **endpoint.settings)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"sk-not-a-real-key" not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(key="another-key"), "key"),
        (Options(model="only-this"), "model"),
    ],
)
def test_what_stops_every_request_stops_the_run_in_one_clear_line(
    options: Options, message: str, tmp_path: Path
) -> None:
    with start_endpoint(options) as endpoint:
        with pytest.raises(EndpointError) as caught:
            build(
                [HANDBOOK],
                out=str(tmp_path / "run"),
                direct=True,
                **endpoint.settings,
            )
        assert endpoint.stats.get("answered", 0) == 0
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "sk-not" not in str(caught.value)


def test_prose_instead_of_json_ends_in_the_ledger(tmp_path: Path) -> None:
    with start_endpoint(Options(prose_only=True)) as endpoint, pytest.raises(NothingLeft) as caught:
        build([HANDBOOK], out=str(tmp_path / "run"), direct=True, **endpoint.settings)
    assert FailureReason.MALFORMED.value in str(caught.value)


def test_a_least_score_that_no_sample_reaches_is_told_with_the_best_that_there_is(tmp_path: Path) -> None:
    write_document(tmp_path / "docs", "north")
    settings: dict[str, Any] = {"out": str(tmp_path / "run"), "recipes": ["qa:2"], "model": "openai/sim"}
    with start_endpoint() as endpoint:
        made = build([tmp_path / "docs"], direct=True, base_url=endpoint.base_url, **settings)
        best = max(each.judged.score for each in made.samples())
    with pytest.raises(NothingLeft, match="score below minimum") as caught:
        run_stage("export", configure({"out": settings["out"], "select": {"min_score": 0.99}}), direct=True)
    assert caught.value.advice == (
        f"select.min_score is 0.99 and the best score that there is {best:g}: "
        f"lower it, as in --set select.min_score={best:g}"
    )
    run_stage("export", configure({"out": settings["out"], "select": {"min_score": best}}), direct=True)


@pytest.mark.slow
def test_under_all_faults_nothing_is_lost_and_the_dataset_is_the_fault_free_one(tmp_path: Path) -> None:
    faults = Faults(http_500=0.1, http_503=0.02, dropped=0.02, malformed=0.05, truncated_body=0.02)
    rows = []
    for name, options in (
        ("fair", Options()),
        ("foul", Options(faults=faults, burst_every_s=2.0, burst_s=0.3)),
    ):
        with start_endpoint(options) as endpoint:
            result = build(
                [HANDBOOK],
                out=str(tmp_path / name),
                direct=True,
                **endpoint.settings,
                recipes=["qa:3", "cot:2"],
            )
        rows.append(sorted(each.judged.sample.id for each in result.samples()))
        assert result.ledger["requests"].failed == {}
    assert rows[0] == rows[1]


@pytest.mark.slow
def test_a_killed_run_goes_on_without_sending_again_what_was_answered(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with start_endpoint(Options(slots=4, fixed_s=0.15)) as endpoint:
        command = [
            *TUNESMITH, "build", HANDBOOK, "--out", str(out), "--direct", "--quiet", "--concurrency", "4",
            "--recipe", "qa:1", "--recipe", "cot:1",
            "--model", "openai/sim", "--base-url", endpoint.base_url,
        ]  # fmt: skip
        for _ in range(3):
            run = subprocess.Popen(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
            before = endpoint.stats.get("answered", 0)
            while endpoint.stats.get("answered", 0) < before + 8 and run.poll() is None:
                time.sleep(0.02)
            run.send_signal(signal.SIGKILL)
            run.wait()
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
        assert done.returncode == 0
        assert endpoint.stats.get("repeated", 0) <= 3 * 2 * 4  # in flight, or answered and not yet on disk
    manifest = read_run(out).manifest()
    assert manifest is not None
    assert manifest.finished


def test_ctrl_c_ends_a_run_soon_and_it_goes_on_later(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with start_endpoint(Options(slots=2, fixed_s=0.3)) as endpoint:
        command = [
            *TUNESMITH, "build", HANDBOOK, "--out", str(out), "--direct", "--json", "--concurrency", "2",
            "--model", "openai/sim", "--base-url", endpoint.base_url, "--no-judge", "--recipe", "qa:1",
        ]  # fmt: skip
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        run = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
        while endpoint.stats.get("answered", 0) < 3 and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, told = run.communicate(timeout=30)
        assert run.returncode == 130
        assert time.monotonic() - began < 10
        assert "the same command goes on from there" in told
        assert "Traceback" not in told
        again = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        assert json.loads(again.stdout)["ledger"]["samples"]["kept"] > 0
        assert endpoint.stats.get("repeated", 0) <= 2


def test_duplicates_by_meaning_are_asked_for_once_and_leave_the_dataset(tmp_path: Path) -> None:
    documents = tmp_path / "docs"
    documents.mkdir()
    for name, says in (("a", "a vessel when it begins"), ("b", "a ship when it starts")):
        text = f"A **pilot** is a person who guides {says} to enter the harbour."
        (documents / f"{name}.md").write_text(f"# Harbour {name}\n\n## Pilotage\n\n{text}\n")
    with start_endpoint() as endpoint:
        vectors = {**endpoint.settings, "same_above": 0.8}
        results = [
            build([str(documents)], out=str(tmp_path / "run"), direct=True, embeddings=vectors)
            for _ in range(2)
        ]
        assert endpoint.stats["requests"] == 1
    for result in results:
        assert result.ledger["samples"].dropped.get("same_meaning") == 1
        assert result.manifest.usage["embeddings"].requests == 1


def test_samples_without_a_vector_are_told_in_the_report_and_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    steps = "".join(f"{number}. Make fast the line number {number} on the quay.\n" for number in range(1, 9))
    text = f"# Harbour\n\nA **pilot** is a person who guides vessels.\n\n## Mooring\n\n{steps}"
    (tmp_path / "docs" / "a.md").write_text(text)
    with start_endpoint(window=60) as endpoint:
        vectors = endpoint.settings
        result = build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True, embeddings=vectors)
    missing = result.manifest.without_vector["context_too_long"]
    assert 0 < missing < result.ledger["samples"].entered
    assert f"Vectors   {missing} samples have none" in result_text(result)
    assert "compared with the others by their words alone" in (tmp_path / "run" / "report.html").read_text()


def test_each_of_a_jury_may_have_an_endpoint_and_a_key_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLLM_API_KEY", "another-key")
    with start_endpoint(model="sim") as one, start_endpoint(model="sim-b", key="another-key") as other:
        result = build(
            [HANDBOOK],
            out=str(tmp_path / "run"),
            direct=True,
            **one.settings,
            limit=1,
            judge={"jury": [{"model": "vllm/sim-b", "base_url": other.base_url}]},
        )
        assert other.stats["answered"] > 0
    verdicts = [v for each in result.samples() for v in each.judged.verdicts if v.filter == "judge"]
    assert verdicts
    assert all("sim: kept" in verdict.detail and "sim-b: kept" in verdict.detail for verdict in verdicts)


def test_two_jurors_of_one_name_are_refused() -> None:
    twin = {"model": "vllm/sim", "base_url": "http://localhost:9/v1"}
    with pytest.raises(SettingsError, match="twice"):
        load_settings({"judge": {"jury": [twin, twin]}})
