"""A run over two workers: one of them killed in the middle, and the dataset is that of one process."""

import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import copy, rmtree
from subprocess import DEVNULL, Popen, run

import pytest

from flows import build
from flows.api import result
from flows.server import embedded_server
from flows.stages.partition import Order, order_of, place
from flows.stages.shares import Purse, shared_out
from pipeline.store import open_run, place_of, read_run
from pipeline.store.copies import local_copy
from schemas.errors import PartitionFailed, RunFolderError, SettingsError
from schemas.requests import Usage
from schemas.samples import Sample
from schemas.settings import BudgetSettings, load_settings
from tests.endpoint.options import Options
from tests.endpoint.start import Started, start_endpoint, start_endpoint_process
from tests.flows.corpus import write_documents
from tests.flows.postgres import postgres, postgres_folder
from tests.flows.prefect_server import HANDBOOK, ROOT, TUNESMITH, Server, until
from tests.object_store import s3_on_loopback

SLOTS = 8
DOCUMENTS = 48
PART_S = 1.0
REPLY_S = 1.0


@contextmanager
def worker(server: Server, pool: str = "tunesmith") -> Iterator["Popen[bytes]"]:
    """Yield a worker that takes one run at a time, at the head of a process group of its own."""
    process = Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--limit", "1", "--type",
         "process"],
        cwd=ROOT, env=server.environment, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)


def kill(process: "Popen[bytes]") -> None:
    """End a worker and the runs that it works on, as a machine that loses its power does."""
    for pid in [process.pid, *below(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(20)


def below(pid: int) -> Iterator[int]:
    """Yield the processes that a process started, and theirs."""
    with suppress(OSError):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from below(child)


def digests(folder: Path) -> dict[str, str]:
    """Return a hash of each file of a run's dataset, but for the card, which has the time."""
    files = sorted((folder / "dataset").glob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def partition_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a Prefect server on PostgreSQL, as many workers want it; on SQLite where PostgreSQL is missing."""
    programs = postgres_folder()
    with ExitStack() as stack:
        database = {"PREFECT_SERVER_DATABASE_TIMEOUT": "120"}
        if programs is not None:
            database["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = stack.enter_context(postgres(programs))
            database["PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT"] = "60"
        home = tmp_path_factory.mktemp("prefect")
        with pytest.MonkeyPatch.context() as environment:
            for name, value in database.items():
                environment.setenv(name, value)
            server = stack.enter_context(embedded_server(home, services=True))
        yield Server(server.ready(), home)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with documents, and the run `one` over them that a single undisturbed process made."""
    folder = tmp_path_factory.mktemp("alone")
    write_documents(folder / "docs", DOCUMENTS)
    copy(HANDBOOK / "notice-1988-scan.pdf", folder / "docs")
    with start_endpoint(slots=SLOTS, fixed_s=0.05) as endpoint, pytest.MonkeyPatch.context() as environment:
        environment.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
        environment.chdir(folder)
        build(
            ["docs"], out="one", direct=True, model="openai/sim", recipes=["qa:2", "cross_document:1"],
            judge={"enabled": False}, parse={"transcribe": True}, base_url=endpoint.base_url,
            llm={"concurrency": SLOTS, "window": 9_000},
        )  # fmt: skip
    assert {sample.recipe for sample in kept(folder / "one")} == {"qa", "cross_document"}
    return folder


def kept(run: Path) -> Iterator[Sample]:
    return (selected.judged.sample for selected in result(run).samples())


@pytest.mark.slow
def test_a_coordinator_that_is_killed_and_begun_again_costs_no_row_and_no_more_than_was_in_flight(
    partition_server: Server, alone: Path
) -> None:
    partition_server.environment["OPENAI_API_KEY"] = "sk-not-a-real-key"
    with start_endpoint_process(Options(slots=SLOTS, fixed_s=REPLY_S)) as endpoint:
        command = (*build_command(endpoint), "--out", "many")
        with worker(partition_server), worker(partition_server):
            with partition_server.started(*command, cwd=alone) as first:
                until(lambda: first.poll() is not None or answered(endpoint) >= 4, timeout_s=150)
                first.kill()
            with partition_server.started(*command, cwd=alone) as coordinator:
                out, _ = coordinator.communicate(timeout=400)
                assert coordinator.returncode == 0, out
        assert endpoint.stats.get("repeated", 0) <= SLOTS
        assert endpoint.stats.get("most_at_once", 0) <= SLOTS
    assert digests(alone / "many") == digests(alone / "one")
    assert ledger(alone / "many") == ledger(alone / "one")
    assert not (alone / "many" / "work").exists()
    with partition_server.client() as client:
        left = [run.state for run in client.read_flow_runs() if f"out:{alone / 'many'}" in run.tags]
    assert all(state.is_completed() or state.is_cancelled() for state in left if state)


def build_command(endpoint: Started) -> tuple[str, ...]:
    return (
        "build", "docs", "--quiet", "--no-judge", "--transcribe", "--model", "openai/sim", "--recipe", "qa:2",
        "--recipe", "cross_document:1", "--base-url", endpoint.base_url,
        "--concurrency", str(SLOTS), "--partitions", "2",
        "--set", "llm.window=9000", "--set", "partitions.documents=24", "--set", "partitions.lost_after_s=12",
    )  # fmt: skip


def ledger(run: str | Path) -> object:
    manifest = read_run(run).manifest()
    assert manifest is not None
    return manifest.ledger


def answered(endpoint: Started) -> int:
    return int(endpoint.stats.get("answered", 0))


@pytest.mark.slow
def test_workers_of_several_machines_share_nothing_but_an_object_store(
    partition_server: Server, alone: Path, tmp_path: Path
) -> None:
    """Coordinator and workers have homes of their own. A machine is lost, with all that it had."""

    def on_machine(name: str) -> Server:
        (tmp_path / name).mkdir()
        server = Server(partition_server.url, tmp_path / name / "prefect")
        own = {"HOME": str(tmp_path / name), "TMPDIR": str(tmp_path / name)}
        server.environment |= own | {"OPENAI_API_KEY": "sk-not-a-real-key"}
        server.environment.pop("XDG_CACHE_HOME", None)
        return server

    with s3_on_loopback(), start_endpoint_process(Options(slots=SLOTS, fixed_s=REPLY_S)) as endpoint:
        command = (*build_command(endpoint), "--set", f"llm.part_s={PART_S}", "--out", "s3://runs/many")
        with (
            worker(on_machine("lost")) as doomed,
            worker(on_machine("spared")),
            on_machine("here").started(*command, cwd=alone) as coordinator,
        ):
            until(lambda: coordinator.poll() is not None or owners() == 2, timeout_s=150)
            until(lambda: coordinator.poll() is not None or answered(endpoint) >= 12)
            kill(doomed)
            rmtree(tmp_path / "lost", ignore_errors=True)
            out, _ = coordinator.communicate(timeout=400)
            assert coordinator.returncode == 0, out
        # What the lost machine had in flight, and what it was answered since its last part.
        assert endpoint.stats.get("repeated", 0) <= SLOTS / 2 * (2 + PART_S / REPLY_S)
        assert endpoint.stats.get("most_at_once", 0) <= SLOTS
        many = read_run("s3://runs/many")
        assert not many.work.exists()
        with local_copy(many.folder) as copy:
            assert digests(copy) == digests(alone / "one")
        assert ledger("s3://runs/many") == ledger(alone / "one")
    with partition_server.client() as client:
        states = [run.state for run in client.read_flow_runs() if "out:s3://runs/many" in run.tags]
    assert [state.message for state in states if state and state.is_crashed()] == [
        "its worker gave no sign of life"
    ]


def owners() -> int:
    return len(list((place_of("s3://runs/many") / "work" / "owners").iterdir()))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--direct",), "--partitions are made by Prefect's workers, and --direct runs without it"),
        ((), "Prefect's server is not set; start one (prefect server start) and set PREFECT_API_URL"),
    ],
)
def test_partitions_without_workers_are_refused_in_one_line(
    arguments: tuple[str, ...], problem: str, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    done = run(
        [*TUNESMITH, "build", str(HANDBOOK), "--out", "run", "--quiet", "--partitions", "2", *arguments],
        cwd=tmp_path, env=environment | {"PYTHONPATH": str(ROOT), "PREFECT_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.strip() == f"error: {problem}"
    assert done.returncode in (2, 6)


def test_a_partition_gets_its_part_of_every_limit_and_of_the_budget() -> None:
    llm = {
        "concurrency": 10,
        "requests_per_minute": 100,
        "endpoints": [{"base_url": "http://localhost:9/v1", "tokens_per_minute": 40}],
    }
    settings = load_settings({"partitions": 4, "llm": llm, "budget": "8usd"})
    share = shared_out(settings)
    assert share.llm.endpoints[0].tokens_per_minute == 10
    assert (share.llm.concurrency, share.llm.requests_per_minute) == (2, 25)
    purse = Purse(settings.budget, 4)
    given = [purse.take(str(number), Usage()).usd for number in range(4)]
    assert given == [2.0] * 4
    purse.give_back("0")
    assert purse.take("5", Usage(cost_usd=0.5)).usd == 1.5
    with pytest.raises(SettingsError, match=r"at most llm\.concurrency, 3"):
        shared_out(load_settings({"partitions": 4, "llm": {"concurrency": 3}}))


def test_a_worker_of_another_version_refuses(tmp_path: Path) -> None:
    with open_run(tmp_path / "run") as opened:
        order = Order(
            version="0.0.1", settings=load_settings({}), round_=0, batches=(), budget=BudgetSettings()
        )
        place(opened, "partition-1", order)
    with pytest.raises(PartitionFailed, match=r"and the run 0\.0\.1; install the same"):
        order_of(opened, "partition-1")
    with pytest.raises(RunFolderError, match="all workers must see one run folder"):
        order_of(opened, "partition-2")
