"""`tunesmith runs`: run folders listed, shown, compared and pruned."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import build
from flows.cli import cli
from pipeline.store import open_run
from schemas.errors import RunFolderError, RunLocked
from tests.flows.corpus import write_document


def told(*arguments: str | Path) -> str:
    ran = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    return ran.output


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of one run, an unfinished run, and one of a version to come."""
    folder = tmp_path_factory.mktemp("runs")
    docs = folder.parent / f"{folder.name}-docs"
    for edition in (1, 2):
        write_document(docs, "one", edition)
        write_document(docs, "two")
        build([docs], out=str(folder / "grown"), direct=True)
    build([docs], out=str(folder / "other"), direct=True, seed=7)
    with open_run(folder / "empty"):
        pass
    (folder / "newer").mkdir()
    (folder / "newer" / ".tunesmith").write_text("99")
    return folder


def test_runs_are_listed_with_their_rows_and_what_is_wrong_with_them(runs: Path) -> None:
    listed = {Path(run["run"]).name: run for run in json.loads(told("runs", "list", runs, "--json"))}
    assert set(listed) == {"grown", "other", "empty", "newer"}
    assert listed["grown"]["finished"]
    assert listed["grown"]["version"] == 2
    assert listed["grown"]["rows"] > 0
    assert "update tunesmith" in listed["newer"]["problem"]
    assert "never began" in listed["empty"]["problem"]
    table = told("runs", "list", runs)
    assert all(name in table for name in listed)


def test_one_run_is_shown_with_ledger_versions_and_cost(runs: Path) -> None:
    shown = told("runs", "show", runs / "grown")
    assert "samples" in shown
    assert "1   " in shown
    assert "2   " in shown
    assert "removed" in shown
    assert "requests" in shown


def test_two_runs_are_compared(runs: Path) -> None:
    assert "rows unchanged" in told("runs", "compare", runs / "grown", runs / "other")


def test_pruning_removes_what_nothing_needs_and_the_next_build_makes_the_same(runs: Path) -> None:
    grown = runs / "grown"
    before = build(out=str(grown), direct=True)
    ids = sorted(each.judged.sample.id for each in before.samples())
    count = len(list(grown.rglob("*.parquet")))
    told("runs", "prune", grown)
    assert len(list(grown.rglob("*.parquet"))) < count
    assert told("runs", "prune", grown).startswith("0 files")
    after = build(out=str(grown), direct=True)
    assert sorted(each.judged.sample.id for each in after.samples()) == ids
    assert after.manifest.files == before.manifest.files


def test_a_run_at_work_is_not_pruned(runs: Path) -> None:
    with open_run(runs / "other"), pytest.raises(RunLocked):
        told("runs", "prune", runs / "other")


@pytest.mark.parametrize("command", ["show", "prune"])
def test_what_is_no_run_is_refused(command: str, tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no run folder"):
        told("runs", command, tmp_path)


def test_a_missing_folder_of_runs_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="is no folder"):
        told("runs", "list", tmp_path / "nowhere")
