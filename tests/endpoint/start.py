"""Starting a simulated endpoint from a test or a benchmark."""

import asyncio
import json
import queue
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.endpoint.options import Options
from tests.endpoint.server import Endpoint

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Started:
    """A running endpoint. `base_url` ends in /v1."""

    base_url: str

    @property
    def settings(self) -> dict[str, Any]:
        """The settings that choose it."""
        return {"model": "openai/sim", "base_url": self.base_url}

    @property
    def stats(self) -> dict[str, Any]:
        """The counters: requests, answered, repeated, tokens, faults by name."""
        return self._call("/stats")

    def go_down(self) -> None:
        """Drop every connection from now on."""
        self._call("/down/on", b"")

    def come_back(self) -> None:
        """Answer again."""
        self._call("/down/off", b"")

    def _call(self, path: str, content: bytes | None = None) -> dict[str, Any]:
        with urllib.request.urlopen(
            self.base_url.removesuffix("/v1") + path, content, timeout=30
        ) as response:
            answer: dict[str, Any] = json.loads(response.read())
        return answer


@contextmanager
def start_endpoint(options: Options | None = None, **changes: Any) -> Iterator[Started]:
    """Yield an endpoint that runs on a thread of this process. `changes` are fields of `Options`."""
    options = options or Options(**changes)
    running: queue.Queue[tuple[int, Callable[[], object]]] = queue.Queue()

    async def serve() -> None:
        runner = web.AppRunner(Endpoint(options).app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        running.put((runner.addresses[0][1], lambda: loop.call_soon_threadsafe(stopped.set)))
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="endpoint", daemon=True)
    thread.start()
    port, stop = running.get(timeout=20)
    try:
        yield Started(f"http://127.0.0.1:{port}/v1")
    finally:
        stop()
        thread.join(10)


@contextmanager
def start_endpoint_process(options: Options) -> Iterator[Started]:
    """Yield an endpoint that runs in a process of its own, so that its work does not count as ours."""
    command = [sys.executable, "-m", "tests.endpoint", "--options", json.dumps(asdict(options))]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Started(process.stdout.readline().strip())
        finally:
            process.terminate()
