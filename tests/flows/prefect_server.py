"""A Prefect server of our own for tests, with its schedulers, and a client to ask it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "examples" / "handbook"
TUNESMITH = [sys.executable, "-P", "-c", "from flows.cli import main; main()"]


class Server:
    """A running server: its address, its home, and an environment in which commands use it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        # Flows that ran in the tests' own process have left settings of theirs, such as to log nowhere.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = inherited | {
            "PREFECT_API_URL": url,
            "PREFECT_HOME": str(home),
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *command: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        """Return what `tunesmith` with these arguments came to."""
        return subprocess.run(
            [*TUNESMITH, *command],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def started(
        self, *command: str, cwd: Path, environment: dict[str, str] | None = None
    ) -> Iterator["subprocess.Popen[str]"]:
        """Yield a `tunesmith` that is running, and end it."""
        process = subprocess.Popen(
            [*TUNESMITH, *command],
            cwd=cwd,
            env=environment or self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    @contextmanager
    def client(self) -> Iterator["SyncPrefectClient"]:
        """Yield a client of this server."""
        from prefect.client.orchestration import get_client
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: self.url}), get_client(sync_client=True) as client:
            yield client

    def wait_for(self, run: UUID, wanted: Callable[["FlowRun"], bool], timeout_s: float = 150) -> "FlowRun":
        """Return a flow run as soon as it is as wanted."""
        deadline = time.monotonic() + timeout_s
        with self.client() as client:
            while not wanted(found := client.read_flow_run(run)):
                assert time.monotonic() < deadline, f"still {found.state!r}"
                time.sleep(0.2)
        return found


def finished(run: "FlowRun") -> bool:
    """Whether a run has ended."""
    return run.state is not None and run.state.is_final()


def until(wanted: Callable[[], T | None], timeout_s: float = 150) -> T:
    """Return what `wanted` returns, as soon as that is something."""
    deadline = time.monotonic() + timeout_s
    while not (found := wanted()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)
    return found
