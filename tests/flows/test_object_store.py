"""A run on an object store: a real S3 API on loopback, and fsspec's memory for what is quick."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import Result, build
from flows.cli import cli
from pipeline.llms.replies import list_replies, prune_replies
from pipeline.store import ObjectPlace, open_run, place_of, read_run
from pipeline.store.lease import LEASE, leased
from schemas.errors import RunFolderError, RunLocked, SettingsError
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_documents
from tests.object_store import BUCKET, LoopbackS3, s3_on_loopback

_ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def s3() -> Iterator[LoopbackS3]:
    with s3_on_loopback() as store:
        yield store


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def say(*arguments: str) -> str:
    ran = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert ran.exit_code == 0
    return ran.output


def test_a_run_on_s3_makes_the_dataset_that_a_folder_makes(s3: LoopbackS3, tmp_path: Path) -> None:
    docs = write_documents(tmp_path / "docs", 3)
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


def test_every_command_takes_the_address(s3: LoopbackS3, tmp_path: Path) -> None:
    build([write_documents(tmp_path / "docs", 3)], out="s3://runs/all/one", direct=True)
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
    s3: LoopbackS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = "s3://runs/paid"
    with start_endpoint(fixed_s=0.01) as endpoint:
        first = build(
            [write_documents(tmp_path / "docs", 3)],
            direct=True,
            recipes=["qa"],
            **endpoint.settings,
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


def test_a_killed_run_goes_on(s3: LoopbackS3, tmp_path: Path) -> None:
    docs = write_documents(tmp_path / "docs", 12)
    with start_endpoint(fixed_s=0.2) as endpoint:
        command = [
            str(Path(sys.executable).with_name("tunesmith")), "build", str(docs), "--direct", "--out",
            "s3://runs/killed", "--recipe", "qa:1", "--model", "openai/sim", "--base-url", endpoint.base_url,
            "--concurrency", "2", "--set", "llm.part_s=0.2",
        ]  # fmt: skip
        with subprocess.Popen(
            command, cwd=_ROOT, env={**s3.environment, **os.environ}, stderr=subprocess.DEVNULL
        ) as process:
            while endpoint.stats.get("requests", 0) < 8:
                time.sleep(0.1)
                assert process.poll() is None
            process.kill()
        expire("s3://runs/killed")
        done = subprocess.run(
            command,
            cwd=_ROOT,
            env={**s3.environment, **os.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        stats = endpoint.stats
    assert done.returncode == 0, done.stderr
    # Two in flight, and as many answers not yet on disk: the kill follows them at once.
    assert stats["repeated"] <= 4


def expire(address: str) -> None:
    """Do what waiting a minute would: the store forgets when the lease was renewed last."""
    for place in place_of(address).iterdir():
        if ".tunesmith.lease-" in place.name:
            place.unlink()


def test_a_run_that_ended_lets_the_next_one_in_at_once(s3: LoopbackS3) -> None:
    for _ in range(2):
        with open_run("s3://runs/held") as run:
            assert str(run.folder) == "s3://runs/held"


def test_a_lease_is_waited_for_where_its_holder_is_silent_and_refused_where_it_lives(s3: LoopbackS3) -> None:
    folder = place_of("s3://runs/silent")
    assert isinstance(folder, ObjectPlace)
    assert (folder / f"{LEASE}00000007").create(b"dead")
    began = time.monotonic()
    with leased(folder, expiry_s=3.0) as lease:
        assert time.monotonic() - began >= 1.0  # the store's times are whole seconds
        lease.check()
        with pytest.raises(RunLocked), leased(folder, expiry_s=3.0):
            pass


def test_a_store_that_is_away_in_the_middle_is_waited_for_and_one_that_refuses_ends_the_run(
    s3: LoopbackS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
    docs = write_documents(tmp_path / "docs", 12)
    with start_endpoint(fixed_s=0.1) as endpoint:

        def answered() -> int:
            return int(endpoint.stats.get("answered", 0))

        def troubled(trouble: str, after: int, lasts_s: float) -> Result:
            with s3.soon(lambda: answered() >= after, trouble, lasts_s):
                return build(
                    [docs],
                    direct=True,
                    recipes=["qa:2"],
                    **endpoint.settings,
                    llm={"concurrency": 2, "part_s": 0.2},
                    out="s3://runs/troubled",
                )

        with pytest.raises(RunFolderError, match="the store says: ExpiredToken it is"):
            troubled("expired", 4, 60.0)
        expire("s3://runs/troubled")
        done = troubled("faulty", answered() + 8, 2.0)
        assert done.ledger["requests"].failed == {}
        assert endpoint.stats.get("repeated", 0) <= 2  # in flight when the store refused


def test_what_cannot_work_is_one_line(
    s3: LoopbackS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    made = build([write_documents(tmp_path / "docs", 3)], out="memory://bucket/run", direct=True)
    assert made.manifest.files
    assert len(list(made.samples())) == sum(file.rows for file in made.manifest.files)


def test_connections_are_closed_at_the_end_of_a_process_however_busy_it_is(s3: LoopbackS3) -> None:
    script = f"""
import atexit, time
found = []
atexit.register(lambda: print([s3._s3creator._client._endpoint.http_session._sessions for s3 in found]))
from pipeline.places import place_of
place = place_of("s3://{BUCKET}/closing")
list(place.glob("*"))
found.append(place.store)
place.store.loop.call_soon_threadsafe(time.sleep, 1)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], env=s3.environment, capture_output=True, text=True, check=True
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[None]", "")
