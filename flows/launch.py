"""Runs a job as a Prefect flow, on the user's server or on an embedded one that starts meanwhile."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flows.logs import event
from flows.loops import run_to_end
from flows.opened import OPENED, Opened
from flows.server import embedded_server
from flows.stages.job import Job
from flows.stages.parse import parse
from flows.standing import check_server, configured_server, standing_server
from schemas.errors import Interrupted, ServerFailed

if TYPE_CHECKING:
    from httpx import HTTPError

T = TypeVar("T")

# Set when a server went away: as the process ends, Prefect would wait for it, seconds for every event.
LOST = threading.Event()

# Read when Prefect is imported. What the user has set stands.
_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
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

        from flows.orchestrate import build_flow

        _run(Opened(job, batches), url, lambda: build_flow(job.settings, review))


def run_stage_with_prefect(stage: str, job: Job) -> None:
    """Run one stage by itself as a flow run.

    Raises:
        ServerFailed: the server that is set does not answer, or the embedded one did not start.
        TunesmithError: as the plain functions do.
    """
    with _server(job) as ready:
        url = ready()

        from flows.orchestrate import stage_flow

        _run(Opened(job), url, lambda: stage_flow(stage, job.settings))


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
    try:
        if url := configured_server():
            job.meter.stage = "waiting for Prefect's server"
            yield partial(_checked, url)
        else:
            job.meter.stage = "starting Prefect's server (--direct needs none)"
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


def _run(opened: Opened, url: str, flow: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run the flow. A server that goes away after the work is done costs its records, and nothing else."""
    from httpx import HTTPError
    from prefect import tags
    from prefect.exceptions import TerminationSignal
    from prefect.settings import PREFECT_API_URL, temporary_settings

    OPENED.set(opened)
    try:
        with temporary_settings({PREFECT_API_URL: url}), tags("tunesmith", opened.job.settings.model):
            run_to_end(flow())
    except TerminationSignal as error:
        raise Interrupted from error
    except HTTPError as error:
        LOST.set()
        event("server lost", server=url)
        if not opened.done:
            advice = "what is done is kept, and the same command goes on from there"
            raise ServerFailed(f"at {url} {_what_is_wrong(error)}", advice) from error
        sys.stderr.write(f"warning: Prefect's server at {url} {_what_is_wrong(error)}; the run is whole\n")


def _what_is_wrong(error: "HTTPError") -> str:
    from httpx import HTTPStatusError

    if isinstance(error, HTTPStatusError):
        return f"answers HTTP {error.response.status_code}"
    return "went away"


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
