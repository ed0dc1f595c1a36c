"""An embedded Prefect server, for the length of a run."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from flows import server_template
from flows.loops import off_the_loop
from flows.standing import answers
from schemas.errors import ServerFailed

START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 20.0

# The last line of a traceback, as in "sqlite3.OperationalError: database is locked".
_EXCEPTION = re.compile(r"[\w.]+(Error|Exception): ")

# The embedded server records every task run, keeps nothing from the user's own profile, and calls nobody.
_SERVER_ENVIRONMENT = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_UI_ENABLED": "0",
    "DO_NOT_TRACK": "1",
}


class EmbeddedServer:
    """A Prefect server as a child process. `start` returns at once, so that work can go on meanwhile."""

    def __init__(self, home: Path, *, services: bool = False) -> None:
        """With `services`, it also schedules, expires and cleans up, as a server for many runs does."""
        self._home = home
        self._services = services
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: list[str] = []

    def start(self) -> None:
        """Start the child. Its database lives in `home`, apart from the user's own profile."""
        self._home.mkdir(parents=True, exist_ok=True)
        server_template.bring_in(self._home)
        command = [sys.executable, "-P", "-m", "flows.server_child"]
        self._child = subprocess.Popen(  # noqa: S603  # our own module
            [*command, "--services"] if self._services else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | _SERVER_ENVIRONMENT | self._own_environment(),
            start_new_session=True,  # Ctrl-C is ours to handle: the server must outlive the run's last words
        )
        assert self._child.stderr is not None
        threading.Thread(target=self._read_errors, args=(self._child.stderr,), daemon=True).start()

    def _own_environment(self) -> dict[str, str]:
        register = "true" if self._services else "false"  # block types are for servers that stay
        return {"PREFECT_HOME": str(self._home), "PREFECT_API_BLOCKS_REGISTER_ON_START": register}

    def ready(self, timeout_s: float = START_TIMEOUT_S) -> str:
        """Wait until the server answers, and return its API's address.

        Raises:
            ServerFailed: it ended (a broken install), or did not answer in time (a slow machine).
        """
        assert self._child is not None, "start() comes first"
        assert self._child.stdout is not None
        port = self._child.stdout.readline().strip().decode()
        url = f"http://127.0.0.1:{port}/api"
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                time.sleep(0.1)  # the reader thread takes the last words
                reason = _reason(self._errors) or f"exit code {self._child.returncode}"
                raise ServerFailed(f"ended while it started: {reason}")
            if answers(url):
                server_template.keep(self._home)
                return url
            time.sleep(0.1)
        raise ServerFailed(f"did not answer within {timeout_s:.0f} s")

    def stop(self) -> None:
        """End the server after it has written what it was told. Does nothing when it never started."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child = None

    def _read_errors(self, stream: IO[bytes]) -> None:
        for line in stream:
            if text := line.decode(errors="replace").strip():
                self._errors = [*self._errors[-200:], text]


def _reason(errors: Sequence[str]) -> str:
    """Return the line that says what went wrong: an exception's, where there is one."""
    exceptions = [line for line in errors if _EXCEPTION.match(line)]
    return next(reversed(exceptions or errors), "")


@contextlib.contextmanager
def embedded_server(home: Path, *, services: bool = False) -> Iterator[EmbeddedServer]:
    """Yield a server that is starting, and end it afterwards, its clients drained."""
    server = EmbeddedServer(home, services=services)
    server.start()
    try:
        yield server
    finally:
        _drain_clients()
        server.stop()


def _drain_clients() -> None:
    """Send the logs and events that this process still holds."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        off_the_loop(partial(worker.drain_all, timeout=10, at_exit=False))
