"""Runs a job as a Prefect flow, on the user's server or on an embedded one that starts meanwhile."""

import asyncio
import os
import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

from flows.server import ServerFailed, answers, configured_server, embedded_server
from flows.stages.job import Job
from flows.stages.parse import parse

T = TypeVar("T")

# Read when Prefect is imported. What the user has set stands.
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}


def build_with_prefect(job: Job, *, show_logs: bool = False) -> None:
    """Make the job's dataset as a flow run.

    Raises:
        ServerFailed: the server that is set does not answer, or the embedded one did not start.
        TunesmithError: as the plain functions do.
    """
    for name, value in _QUIET.items():
        if not (show_logs and name.startswith("PREFECT_LOGGING")):
            os.environ.setdefault(name, value)
    if url := configured_server():
        if not answers(url):
            raise ServerFailed(f"at {url} does not answer")
        _run(job, url, ReadAhead(parse(job)))
        return
    home = job.run.folder / "prefect"
    os.environ.setdefault("PREFECT_HOME", str(home.resolve()))
    with embedded_server(home) as server:
        batches = ReadAhead(parse(job))  # documents are read while the server starts
        try:
            _run(job, server.ready(), batches)
        except BaseException:
            job.stop.wish()
            raise


def _run(job: Job, url: str, batches: Iterator[object]) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.orchestrate import BATCHES, JOB, build_flow

    JOB.set(job)
    BATCHES.set(batches)
    with temporary_settings({PREFECT_API_URL: url}):
        asyncio.run(build_flow(job.settings))


class ReadAhead(Generic[T]):
    """An iterator whose items a thread fetches before they are asked for."""

    def __init__(self, items: Iterator[T]) -> None:
        self._queue: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._fetch, args=(items,), daemon=True)
        self._thread.start()

    def __iter__(self) -> "ReadAhead[T]":
        return self

    def __next__(self) -> T:
        item = self._queue.get()
        if item is not None:
            return item
        if self._error is not None:
            raise self._error
        raise StopIteration

    def _fetch(self, items: Iterator[T]) -> None:
        try:
            for item in items:
                self._queue.put(item)
        except BaseException as error:  # noqa: BLE001  # raised where the items are used
            self._error = error
        finally:
            self._queue.put(None)
