"""What more workers bring: one run over 1, 2 and 4 worker processes, each with a few of an endpoint's slots.

Run `python -m benchmarks.workers`, with `--documents 400` and `--slots 8` for other sizes. The endpoint has
room for all, so that each worker's slots are the limit, and not this machine's cores. Time is from the first
request that the endpoint gets to the last answer: starting the first worker is no part of it, but what the
others start later is. `late` is that: the seconds between the first partition's start and the last one's.
Memory is the peak of the largest process that makes partitions, and of the one that began the run.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.server import embedded_server
from tests.beside import beside
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint_process
from tests.flows.corpus import write_documents
from tests.flows.prefect_server import Server
from tests.flows.test_partitions import below, worker


@dataclass(slots=True)
class Peaks:
    """Peak memory of processes in megabytes, by the process that they are below."""

    of: dict[int, float] = field(default_factory=dict)

    @contextmanager
    def watched(self, *pids: int) -> Iterator[None]:
        """Look at the processes below `pids` until the block ends."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.5):
                for pid in pids:
                    found = max(map(_peak_mb, below(pid)), default=0.0)
                    self.of[pid] = max(self.of.get(pid, 0.0), found)

        with beside(look, over.set):
            yield


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=240)
    parser.add_argument("--slots", type=int, default=6, help="requests at once of each worker")
    parser.add_argument("--seconds", type=float, default=1.5, help="what one reply takes")
    parser.add_argument("--workers", type=int, action="append", help="repeatable; 1, 2 and 4 by default")
    parser.add_argument("--whole", action="store_true", help="one request for each document")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_documents(folder / "docs", options.documents)
        with embedded_server(folder / "prefect", services=True) as starting:
            server = Server(starting.ready(), folder / "prefect")
            server.environment["OPENAI_API_KEY"] = "none"
            print(
                "workers  requests  seconds  per second  times one  late s  worker MB  coordinator MB  "
                "runs and tasks  database MB"
            )
            alone = 0.0
            for workers in options.workers or [1, 2, 4]:
                alone = _print_run(server, folder, workers, options, alone)


def _print_run(
    server: Server, folder: Path, workers: int, options: argparse.Namespace, alone: float
) -> float:
    """Print a line, and return the rate that is compared with."""
    out = f"run-{workers}"
    before_mb = _database_mb(folder)
    requests, seconds, worker_mb, coordinator_mb = _measured(server, folder, out, workers, options)
    rate = requests / seconds
    late, runs = _told(server, folder / out, workers)
    print(
        f"{workers:>7} {requests:>9,} {seconds:>8.1f} {rate:>11.2f} {rate / (alone or rate):>10.2f} "
        f"{late:>7.1f} {worker_mb:>10.0f} {coordinator_mb:>15.0f} {runs:>15,} "
        f"{_database_mb(folder) - before_mb:>12.1f}",
        flush=True,
    )
    return alone or rate


def _measured(
    server: Server, folder: Path, out: str, workers: int, options: argparse.Namespace
) -> tuple[int, float, float, float]:
    """Return the requests that a run sent, the seconds from the first to the last answer, and peaks in MB."""
    part = -(-options.documents // workers)
    peaks = Peaks()
    with ExitStack() as stack:
        endpoint = stack.enter_context(start_endpoint_process(Options(slots=512, fixed_s=options.seconds)))
        started = [stack.enter_context(worker(server)).pid for _ in range(workers)]
        time.sleep(15)  # workers start
        passages = () if options.whole else ("--set", "context=chunk", "--set", "passages.max_tokens=100")
        command = [
            "build", "docs", "--out", out, "--quiet", "--no-judge", "--model", "openai/sim",
            "--recipe", "qa:1", "--base-url", endpoint.base_url,
            "--concurrency", str(options.slots * workers),
            "--set", "llm.adaptive=false", "--partitions", str(workers),
            "--set", f"partitions.documents={part}", *passages,
        ]  # fmt: skip
        with server.started(*command, cwd=folder) as process, peaks.watched(*started):
            began = threading.Thread(target=process.wait)
            began.start()
            coordinator_mb = 0.0
            while began.is_alive():
                coordinator_mb = max(coordinator_mb, _peak_mb(process.pid))
                began.join(0.5)
            if process.returncode:
                sys.exit(process.communicate()[0])
        stats = endpoint.stats
    return int(stats["answered"]), float(stats["span_s"]), max(peaks.of.values(), default=0.0), coordinator_mb


def _told(server: Server, out: Path, workers: int) -> tuple[float, int]:
    """Return how many seconds after the first the last worker started, and how many runs there were."""
    with server.client() as client:
        flows = [run for run in client.read_flow_runs() if f"out:{out}" in run.tags]
        [build] = [run for run in client.read_flow_runs() if run.name == f"build {out.name}"]
        tasks = [
            task for task in client.read_task_runs() if task.flow_run_id in {build.id, *(f.id for f in flows)}
        ]
    starts = sorted(run.start_time.timestamp() for run in flows if run.start_time)
    return starts[min(workers, len(starts)) - 1] - starts[0], len(flows) + 1 + len(tasks)


def _peak_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0


def _database_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in (folder / "prefect").glob("prefect.db*")) / 1e6


if __name__ == "__main__":
    main()
