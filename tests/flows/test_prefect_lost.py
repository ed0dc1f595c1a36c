"""A Prefect server that goes away in the middle of a run."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.store import read_run
from schemas.errors import Interrupted
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint
from tests.flows.prefect_server import HANDBOOK, Server, until

pytestmark = pytest.mark.slow


class Wire:
    """The way to a server, which can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close every connection, and take no more."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._to)
                self._open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(from_: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while sent := from_.recv(65536):
            to.sendall(sent)
        to.shutdown(socket.SHUT_WR)


@contextmanager
def wire(server: Server) -> Iterator[Wire]:
    """Give a wire to the server."""
    address = urlsplit(server.url)
    assert address.hostname
    assert address.port
    found = Wire(address.hostname, address.port)
    try:
        yield found
    finally:
        found.cut()


def test_sigterm_ends_a_flow_of_the_command_line_and_the_run_goes_on_later(
    prefect_server: Server, tmp_path: Path
) -> None:
    environment = prefect_server.environment | {"OPENAI_API_KEY": "none"}
    with start_endpoint(Options(slots=1, fixed_s=0.5)) as endpoint:
        build = (
            "build", str(HANDBOOK), "--out", "stopped", "--quiet", "--no-judge", "--model", "openai/sim",
            "--base-url", endpoint.base_url, "--concurrency", "1",
        )  # fmt: skip
        with prefect_server.started(*build, cwd=tmp_path, environment=environment) as process:
            until(lambda: endpoint.stats.get("answered", 0) >= 2 or process.poll() is not None)
            process.terminate()
            told, _ = process.communicate(timeout=60)
        assert (process.returncode, told) == (130, f"{Interrupted()}\n")
        sent = endpoint.stats["requests"]
        time.sleep(1)
        assert endpoint.stats["requests"] == sent
    with prefect_server.client() as client:
        [run] = [run for run in client.read_flow_runs() if run.name == "build stopped"]
    assert run.state_name == "Cancelled"
    assert set(run.tags) == {"tunesmith", "openai/sim"}


def test_a_dataset_is_made_without_the_server_that_went_away(prefect_server: Server, tmp_path: Path) -> None:
    environment = prefect_server.environment | {"OPENAI_API_KEY": "none", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    with start_endpoint(Options(slots=2, fixed_s=0.2)) as endpoint, wire(prefect_server) as way:
        environment["PREFECT_API_URL"] = f"http://127.0.0.1:{way.port}/api"
        build = (
            "build", str(HANDBOOK), "--out", "run", "--quiet", "--no-judge", "--model", "openai/sim",
            "--base-url", endpoint.base_url, "--concurrency", "2", "--recipe", "qa:1",
        )  # fmt: skip
        with prefect_server.started(*build, cwd=tmp_path, environment=environment) as process:
            until(lambda: endpoint.stats.get("answered", 0) or process.poll() is not None)
            way.cut()
            told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "went away; the run is whole" in told
    assert "Traceback" not in told
    manifest = read_run(tmp_path / "run").manifest()
    assert manifest is not None
    assert manifest.finished
    assert (tmp_path / "run" / "report.html").exists()
