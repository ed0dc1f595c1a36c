"""The time that a run may take: beyond it, the run stops as if somebody had asked for that."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flows.stages.job import Job
from schemas.errors import Interrupted, TimedOut


@contextmanager
def within_time(job: Job) -> Iterator[None]:
    """Stop the job when its settings' `timeout_s` is over.

    Raises:
        TimedOut: it is; what is done is kept.
    """
    seconds = job.settings.timeout_s
    if seconds is None:
        yield
        return
    over = threading.Event()

    def end() -> None:
        over.set()
        job.stop.wish()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Interrupted as error:
        if over.is_set():
            raise TimedOut(seconds) from error
        raise
    finally:
        timer.cancel()
