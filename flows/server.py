"""Prefect's server: the user's own where one is set, else an embedded one for the length of a run."""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO

from flows import server_template
from schemas.errors import TunesmithError

START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 20.0

# The embedded server records every task run, keeps nothing from the user's own profile, and calls nobody.
_SERVER_ENVIRONMENT = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_UI_ENABLED": "0",
    "DO_NOT_TRACK": "1",
}


class ServerFailed(TunesmithError):
    """Prefect's server could not be started, or cannot be reached."""

    exit_code = 6

    def __init__(self, problem: str, advice: str = "--direct runs without Prefect") -> None:
        self.problem, self.advice = problem, advice
        super().__init__(f"Prefect's server {problem}; {advice}")


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
                reason = self._errors[-1] if self._errors else f"exit code {self._child.returncode}"
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
                self._errors = [*self._errors[-20:], text]


def answers(url: str) -> bool:
    """Whether Prefect's API is at `url`. A hosted one that wants a key first is there, too."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as response:  # noqa: S310  # http(s) only
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def standing_server() -> str:
    """Return the address of the server that is set, and answers, and is of a version that fits.

    Raises:
        ServerFailed: none is set, it does not answer, or it is too old.
    """
    url = configured_server()
    if url is None:
        raise ServerFailed("is not set", "start one (prefect server start) and set PREFECT_API_URL")
    check_server(url)
    return url


def check_server(url: str) -> None:
    """Make sure that the server at `url` can be used.

    Raises:
        ServerFailed: it does not answer, or is older than the client, which Prefect does not support.
    """
    if not answers(url):
        raise ServerFailed(f"at {url} does not answer", "start it, unset PREFECT_API_URL, or pass --direct")
    ours, theirs = version("prefect"), _version_of(url)
    if theirs is not None and _minor(theirs) < _minor(ours):
        raise ServerFailed(
            f"at {url} is of version {theirs}, older than the {ours} here", f"upgrade it to {ours} or later"
        )


def _version_of(url: str) -> str | None:
    """Return the server's version, None where it does not tell, as hosted ones do."""
    try:
        with urllib.request.urlopen(f"{url}/admin/version", timeout=5) as response:  # noqa: S310  # http(s)
            return str(json.load(response))
    except (OSError, ValueError):
        return None


def _minor(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])


def configured_server() -> str | None:
    """Return the address of the Prefect server that the environment or the user's profile names."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    path = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    try:
        profiles = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError):
        return None
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active"))
    url = profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return url if isinstance(url, str) else None


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
        worker.drain_all(timeout=10, at_exit=False)
