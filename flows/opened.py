"""What the command line opens and begins before it starts a flow, so that neither waits for the other."""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from flows.stages.job import Job
from flows.stages.parse import Batch


@dataclass(slots=True)
class Opened:
    """A job, and its batches as they are read; `done` tells the command line that the flow's work is done."""

    job: Job
    batches: Iterator[Batch] | None = None
    done: bool = False


# A worker does not set it.
OPENED: ContextVar[Opened | None] = ContextVar("opened", default=None)
