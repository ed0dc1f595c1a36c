"""Starting a simulated endpoint from a test or a benchmark."""

import asyncio
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
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
    loop = asyncio.new_event_loop()
    port: list[int] = []
    ready = threading.Event()

    async def serve() -> web.AppRunner:
        runner = web.AppRunner(Endpoint(options).app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=2048)
        await site.start()
        port.append(runner.addresses[0][1])
        ready.set()
        return runner

    def work() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.close()

    thread = threading.Thread(target=work, name="endpoint", daemon=True)
    thread.start()
    if not ready.wait(20):
        raise TimeoutError("the simulated endpoint did not start")
    try:
        yield Started(f"http://127.0.0.1:{port[0]}/v1")
    finally:
        loop.call_soon_threadsafe(loop.stop)
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
