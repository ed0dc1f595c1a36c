"""Runs that cannot go on: each ends in one line, with an exit code, and with its folder whole."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import build
from flows.api import run_stage
from pipeline.store import open_run, read_run
from schemas.errors import EndpointError, RunFolderError
from schemas.settings import load_settings
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_document, write_documents

ROOT = Path(__file__).parents[2]
TUNESMITH = [sys.executable, "-P", "-c", "from flows.cli import main; main()"]
OURS = {"PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "sk-not-a-real-key"}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs", 4)


def tunesmith(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*TUNESMITH, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | OURS, capture_output=True, text=True, check=False)


def test_a_folder_that_cannot_be_written_any_more_ends_the_run_in_one_line(
    docs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    build([docs], out=str(out), direct=True)
    kept = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (out / "dataset").rename(tmp_path / "dataset")
    (out / "dataset").write_text("in the way")
    with pytest.raises(RunFolderError) as caught:
        build([docs], out=str(out), direct=True, format="alpaca")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 4
    (out / "dataset").unlink()
    build(out=str(out), direct=True, format="alpaca")
    shards = [path for path in kept if path.parent.name in ("documents", "candidates", "samples")]
    assert all(path.read_bytes() == kept[path] for path in shards)


def test_a_folder_of_a_newer_version_is_refused_and_left_as_it_is(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / ".tunesmith").write_text("99")
    with pytest.raises(RunFolderError, match="update tunesmith"):
        build([docs], out=str(out), direct=True)
    assert [path.name for path in out.iterdir()] == [".tunesmith"]


def test_a_manifest_that_cannot_be_read_is_named_with_what_to_do(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    build([docs], out=str(out), direct=True)
    (out / "manifest.json").write_text("{")
    with pytest.raises(RunFolderError, match="delete it and run the same command again"):
        build([docs], out=str(out), direct=True)
    (out / "manifest.json").unlink()
    assert build([docs], out=str(out), direct=True).ledger["samples"].kept > 0


def test_a_clock_that_went_back_leaves_the_records_in_their_order(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = build([docs], out=str(out), direct=True).manifest
    ahead = "2099-01-01T00:00:00+00:00"
    with open_run(out) as run:
        run.save_manifest(first.model_copy(update={"updated": ahead}))
    write_document(docs, "s0", edition=2)
    again = build([docs], out=str(out), direct=True).manifest
    assert again.created == first.created
    assert again.updated == again.history[-1].created == ahead
    assert [version.number for version in again.history] == [1, 2]


def test_an_error_is_json_for_who_asked_for_json(tmp_path: Path) -> None:
    ran = tunesmith("build", "no/such/path", "--out", tmp_path / "run", "--direct", "--json")
    told = json.loads(ran.stdout)
    assert told["exit_code"] == ran.returncode == 2
    assert told["kind"] == "SourceNotFound"
    assert "no/such/path" in told["error"]
    ran = tunesmith("build", "--limit", "many", "--json")
    assert json.loads(ran.stdout)["exit_code"] == ran.returncode == 2


def test_a_quiet_build_says_nothing(docs: Path, tmp_path: Path) -> None:
    ran = tunesmith("build", docs, "--out", tmp_path / "run", "--direct", "--quiet")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_sigterm_ends_a_run_within_seconds_and_it_goes_on_later(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with start_endpoint(Options(slots=1, fixed_s=0.25)) as endpoint:
        command = [
            *TUNESMITH, "build", str(docs), "--out", str(out), "--direct", "--json", "--concurrency", "1",
            "--model", "openai/sim", "--base-url", endpoint.base_url, "--recipe", "qa:2", "--no-judge",
        ]  # fmt: skip
        run = subprocess.Popen(command, env=os.environ | OURS, stdout=subprocess.PIPE, text=True)
        while endpoint.stats.get("answered", 0) < 1 and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(signal.SIGTERM)
        began = time.monotonic()
        told, _ = run.communicate(timeout=30)
        assert time.monotonic() - began < 10
        assert json.loads(told)["exit_code"] == run.returncode == 130
        again = subprocess.run(command, env=os.environ | OURS, capture_output=True, text=True, check=True)
        assert json.loads(again.stdout)["ledger"]["samples"]["kept"] > 0
        assert endpoint.stats.get("repeated", 0) <= 1
    manifest = read_run(out).manifest()
    assert manifest is not None
    assert manifest.finished


def test_a_stage_by_itself_ends_with_its_error_and_no_group_of_them(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
    with start_endpoint(Options(slots=4)) as endpoint:
        settings = load_settings(
            {
                "sources": [str(docs)], "out": str(tmp_path / "run"), **endpoint.settings,
                "recipes": ["qa:2"], "llm": {"outage_s": 0},
            }
        )  # fmt: skip
        run_stage("parse", settings, direct=True)
        run_stage("generate", settings.model_copy(update={"seed": 1}), direct=True)
    with pytest.raises(EndpointError):  # it is gone
        run_stage("generate", settings, direct=True)
    with pytest.raises(EndpointError):
        run_stage("curate", settings.model_copy(update={"seed": 1}), direct=True)


def test_a_path_that_is_not_there_is_told_at_once_and_makes_no_folder(docs: Path, tmp_path: Path) -> None:
    done = tunesmith("build", docs, tmp_path / "nowhere", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path / 'nowhere'}: no such file or folder\n"
    assert not (tmp_path / "run").exists()


def test_a_hosted_model_without_its_key_is_not_asked(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    with pytest.raises(EndpointError, match="GROQ_API_KEY is not set; export GROQ_API_KEY"):
        build([docs], out=str(tmp_path / "run"), direct=True, model="groq/any")
