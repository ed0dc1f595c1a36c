"""What Prefect costs: a build as plain functions, as a flow on its embedded server, and on a standing one.

Run `python -m benchmarks.scale` for 100 and 1,000 documents, `--documents 10000` for another size, and
`--seconds 1` for slower replies. The endpoint runs in a process of its own, each build in another; processor
time is that of the build and of the server that it starts, not that of the standing server; memory is the
peak of the largest of these processes.
"""

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.server import embedded_server
from tests.endpoint.options import Options
from tests.endpoint.start import Started, start_endpoint_process

_PAGE = """# Station {n}

## Facts

- Pumping rate: {n}00 litres per minute
- Year built: {year}

A sluice {n} is a gate that holds back the water of canal {n}. It is opened at dawn and closed at dusk.
"""
_BUILD = "from flows.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one build took. Times are in seconds."""

    documents: int
    way: str
    wall: float
    cpu: float
    peak_mb: float
    task_runs: int
    database_mb: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, action="append", help="repeatable; 100 and 1000 by default")
    parser.add_argument("--seconds", type=float, default=0.2, help="what one reply takes")
    options = parser.parse_args()
    print("documents  way       wall s   CPU s  peak MB  task runs  database MB")
    for documents in options.documents or [100, 1000]:
        for way in ("direct", "embedded", "standing"):
            each = measured(documents, way, options.seconds)
            print(
                f"{each.documents:>9,}  {each.way:<8} {each.wall:>7.1f} {each.cpu:>7.1f} "
                f"{each.peak_mb:>8.0f} {each.task_runs:>10,} {each.database_mb:>12.1f}",
                flush=True,
            )


def measured(documents: int, way: str, seconds: float) -> Measured:
    """Return what a build of so many small documents took."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_endpoint_process(Options(slots=64, fixed_s=seconds)) as endpoint,
        _server(way, Path(folder) / "home") as server,
    ):
        corpus = Path(folder) / "docs"
        corpus.mkdir()
        for n in range(documents):
            (corpus / f"station-{n}.md").write_text(_PAGE.format(n=n, year=1800 + n % 200))
        began = time.monotonic()
        used = _build(Path(folder), way, endpoint, server)
        wall, cpu = time.monotonic() - began, used.ru_utime + used.ru_stime
        tasks, size = _recorded(Path(folder) / ("home" if server else "run/prefect"))
    return Measured(documents, way, wall, cpu, used.ru_maxrss / 1024, tasks, size)


@contextmanager
def _server(way: str, home: Path) -> Iterator[dict[str, str]]:
    """Give the environment in which a build finds the standing server, and nothing for the other ways."""
    if way != "standing":
        yield {}
        return
    with embedded_server(home, services=True) as server:
        yield {"PREFECT_API_URL": server.ready()}


def _build(folder: Path, way: str, endpoint: Started, server: dict[str, str]) -> resource.struct_rusage:
    """Return what a build used, with the processes that it started and waited for."""
    command = [
        sys.executable, "-P", "-c", _BUILD, "build", "docs", "--out", "run", "--quiet",
        "--model", "openai/sim", "--base-url", endpoint.base_url, "--no-judge",
        "--concurrency", "64", "--recipe", "qa:1",
        *(["--direct"] if way == "direct" else []),
    ]  # fmt: skip
    root = str(Path(__file__).parents[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment |= server | {"OPENAI_API_KEY": "none", "PYTHONPATH": root}
    process = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the build ended with {process.returncode}")
    return used


def _recorded(home: Path) -> tuple[int, float]:
    """Return the task runs of a run's database, and its size with its log in megabytes."""
    if not home.exists():
        return 0, 0.0
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        [(count,)] = database.execute("select count(*) from task_run").fetchall()
    return int(count), sum(file.stat().st_size for file in home.glob("prefect.db*")) / 1e6


if __name__ == "__main__":
    main()
