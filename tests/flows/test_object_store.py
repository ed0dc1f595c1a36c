"""A run on an object store: a real S3 API on loopback, and fsspec's memory for what is quick."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import build
from flows.cli import cli
from pipeline.llms.replies import list_replies, prune_replies
from pipeline.store import open_run, place_of, read_run
from schemas.errors import RunFolderError, RunLocked, SettingsError
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_document
from tests.object_store import s3_on_loopback

_ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def s3() -> Iterator[Mapping[str, str]]:
    with s3_on_loopback() as environment:
        yield environment


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def documents(folder: Path, count: int = 3) -> Path:
    for number in range(count):
        write_document(folder / "docs", f"s{number}")
    return folder / "docs"


def say(*arguments: str) -> str:
    ran = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert ran.exit_code == 0
    return ran.output


def test_a_run_on_s3_makes_the_dataset_that_a_folder_makes(s3: Mapping[str, str], tmp_path: Path) -> None:
    docs = documents(tmp_path)
    there = build([docs], out="s3://runs/same", direct=True)
    here = build([docs], out=str(tmp_path / "here"), direct=True)
    rows = [{(file.path, file.rows) for file in made.manifest.files} for made in (there, here)]
    assert rows[0] == rows[1]
    assert [each.judged.sample.id for each in there.samples()] == [
        each.judged.sample.id for each in here.samples()
    ]
    assert str(there.dataset) == "s3://runs/same/dataset"
    again = build(out="s3://runs/same", direct=True)
    assert len(again.manifest.history) == 1


def test_every_command_takes_the_address(s3: Mapping[str, str], tmp_path: Path) -> None:
    build([documents(tmp_path)], out="s3://runs/all/one", direct=True)
    assert "s3://runs/all/one" in say("runs", "list", "s3://runs/all")
    assert "made its dataset" in say("runs", "show", "s3://runs/all/one")
    assert "s3://runs/all/one/report.html" in say("report", "s3://runs/all/one")
    assert "rules alone" in say("calibrate", "s3://runs/all/one")
    counted = say("sql", "s3://runs/all/one", "select count(*) from samples", "--csv")
    assert int(counted.split()[-1]) > 0
    say("check", "s3://runs/all/one/dataset")
    say("diff", "s3://runs/all/one", "s3://runs/all/one")
    say("push", "s3://runs/all/one/dataset", "--to", "s3://runs/all/pushed")
    say("export", "--out", "s3://runs/all/one", "--format", "alpaca", "--direct")
    assert "0 files removed" in say("runs", "prune", "s3://runs/all/one")


def test_replies_are_paid_for_once_whichever_machine_goes_on(
    s3: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = "s3://runs/paid"
    with start_endpoint(fixed_s=0.01) as endpoint:
        first = build(
            [documents(tmp_path)],
            direct=True,
            recipes=["qa"],
            model="openai/sim",
            base_url=endpoint.base_url,
            out=out,
        )
        paid = endpoint.stats["requests"]
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another-machine"))
        for place in (*read_run(out).folder.rglob("*.parquet"),):
            place.unlink()
        second = build(out=out, direct=True)
        made_anew = endpoint.stats["requests"]
    assert made_anew == paid > 0
    assert second.manifest.usage == first.manifest.usage
    replies = place_of("s3://runs/paid/replies")
    kept = sum(each.replies for each in list_replies(replies))
    assert kept > 0
    assert "judge" in say("replies", "s3://runs/paid")
    assert prune_replies(replies) >= kept
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "third"))
    with pytest.raises(RunFolderError, match="no journal"):
        list_replies(replies)


def test_a_killed_run_goes_on(s3: Mapping[str, str], tmp_path: Path) -> None:
    docs = documents(tmp_path, 12)
    with start_endpoint(fixed_s=0.2) as endpoint:
        command = [
            str(Path(sys.executable).with_name("tunesmith")), "build", str(docs), "--direct", "--out",
            "s3://runs/killed", "--recipe", "qa", "--model", "openai/sim", "--base-url", endpoint.base_url,
            "--concurrency", "2", "--set", "llm.part_s=0.2",
        ]  # fmt: skip
        with subprocess.Popen(
            command, cwd=_ROOT, env={**s3, **os.environ}, stderr=subprocess.DEVNULL
        ) as process:
            while endpoint.stats.get("requests", 0) < 8:
                time.sleep(0.1)
                assert process.poll() is None
            process.kill()
        locked = subprocess.run(
            command, cwd=_ROOT, env={**s3, **os.environ}, capture_output=True, text=True, check=False
        )
        expire("s3://runs/killed")
        done = subprocess.run(
            command, cwd=_ROOT, env={**s3, **os.environ}, capture_output=True, text=True, check=False
        )
        stats = endpoint.stats
    assert locked.returncode == RunLocked.exit_code
    assert "in use by another run" in locked.stderr
    assert done.returncode == 0, done.stderr
    assert stats["repeated"] <= 4  # two in flight, and as many answers not yet on disk: the kill follows them at once


def expire(address: str) -> None:
    """Do what waiting a minute would: the store forgets when the lease was renewed last."""
    for place in place_of(address).iterdir():
        if ".tunesmith.lease-" in place.name:
            place.unlink()


def test_a_second_run_is_kept_out_until_the_first_ends(s3: Mapping[str, str]) -> None:
    with open_run("s3://runs/held"), pytest.raises(RunLocked, match="in use"), open_run("s3://runs/held"):
        pass
    with open_run("s3://runs/held") as run:
        assert str(run.folder) == "s3://runs/held"


def test_what_cannot_work_is_one_line(
    s3: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RunFolderError, match=r"cannot be written .*bucket"), open_run("s3://nobody/run"):
        pass
    with pytest.raises(RunFolderError, match="is no run folder"):
        read_run("s3://runs/nothing")
    with pytest.raises(SettingsError, match="pip install"):
        read_run("unheard-of://bucket/run")
    place_of("s3://runs/strange/file").write_bytes(b"a stranger's")
    with pytest.raises(RunFolderError, match="holds other files"), open_run("s3://runs/strange"):
        pass


def test_a_run_in_memory_reads_back_what_it_wrote(tmp_path: Path) -> None:
    made = build([documents(tmp_path)], out="memory://bucket/run", direct=True)
    assert made.manifest.files
    assert len(list(made.samples())) == sum(file.rows for file in made.manifest.files)
