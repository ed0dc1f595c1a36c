"""Runs a job as a Prefect flow, on the user's server or on an embedded one that starts meanwhile."""

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Generic, TypeVar

from flows.server import check_server, configured_server, embedded_server, standing_server
from flows.stages.job import Job
from flows.stages.parse import parse

T = TypeVar("T")

# Read when Prefect is imported. What the user has set stands.
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}


def build_with_prefect(job: Job, *, review: bool = False, show_logs: bool = False) -> None:
    """Make the job's dataset as a flow run. Documents are read while an embedded server starts.

    Raises:
        ServerFailed: the server that is set does not answer, or the embedded one did not start.
        TunesmithError: as the plain functions do.
    """
    if job.settings.partitions.at_once:
        standing_server()  # workers find no other
    with _server(job, show_logs=show_logs) as ready:
        batches = ReadAhead(parse(job))
        url = ready()

        from flows.orchestrate import BATCHES, build_flow

        BATCHES.set(batches)
        _run(job, url, lambda: build_flow(job.settings, review))


def run_stage_with_prefect(stage: str, job: Job) -> None:
    """Run one stage by itself as a flow run.

    Raises:
        ServerFailed: the server that is set does not answer, or the embedded one did not start.
        TunesmithError: as the plain functions do.
    """
    with _server(job) as ready:
        url = ready()

        from flows.orchestrate import stage_flow

        _run(job, url, lambda: stage_flow(stage, job.settings))


def prepare_prefect(*, show_logs: bool) -> None:
    """Set what Prefect reads when it is imported: it calls nobody, and logs to the terminal when wanted."""
    for name, value in _QUIET.items():
        if not (show_logs and name.startswith("PREFECT_LOGGING")):
            os.environ.setdefault(name, value)


@contextmanager
def _server(job: Job, *, show_logs: bool = False) -> Iterator[Callable[[], str]]:
    """Give a function that waits for Prefect's server and returns its address.

    What Prefect reads when it is imported is set here, so its import comes later.
    """
    prepare_prefect(show_logs=show_logs)
    job.meter.stage = "waiting for Prefect's server"
    try:
        if url := configured_server():
            yield partial(_checked, url)
        else:
            home = job.run.scratch / "prefect"
            os.environ.setdefault("PREFECT_HOME", str(home.resolve()))
            with embedded_server(home) as server:
                yield server.ready
    except BaseException:
        job.stop.wish()
        raise


def _checked(url: str) -> str:
    check_server(url)
    return url


def _run(job: Job, url: str, flow: Callable[[], Coroutine[Any, Any, object]]) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.orchestrate import OPENED

    OPENED.set(job)
    with temporary_settings({PREFECT_API_URL: url}):
        asyncio.run(flow())


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
