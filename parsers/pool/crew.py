"""The pool: as many children as work at once, and the second way for files that kill the first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import LifoQueue

from parsers.pool.wire import Job
from parsers.pool.worker import Worker
from schemas.contracts import ParseOptions
from schemas.documents import Document, Source
from schemas.errors import UnreadableDocument
from schemas.settings import ParseSettings

_HAS_PLAIN_WAY = "pdf"
_DEATHS = frozenset({"crashed", "timeout", "out_of_memory"})
_MB = 1024 * 1024


class Crew:
    """Parses files in child processes, asked from any number of threads."""

    def __init__(self, settings: ParseSettings) -> None:
        self.size = settings.workers or os.cpu_count() or 1
        self._settings = settings
        self._options = ParseOptions(settings.passwords, settings.comments, settings.text_field)
        self._workers = [Worker(settings.memory_mb) for _ in range(self.size)]
        self._idle: LifoQueue[Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def parse(self, parser: str, content: bytes, source: Source) -> Document:
        """Return the document that the parser of that name makes of `content`.

        Raises:
            UnreadableDocument: there is none; its reason says why.
        """
        settings = self._settings
        job = Job(parser, source, self._options, settings.timeout_s, settings.max_output_mb * _MB)
        with self._worker() as worker:
            try:
                return worker.parse(job, content)
            except UnreadableDocument as error:
                if parser != _HAS_PLAIN_WAY or error.reason not in _DEATHS:
                    raise
                worker.close()
                return worker.parse(replace(job, plainly=True), content)

    def stop(self) -> None:
        """End all children at once; files on their way end as stopped. Any thread may call it."""
        for worker in self._workers:
            worker.stop()

    def close(self) -> None:
        """Free what is left of the children, once no thread parses any more."""
        for worker in self._workers:
            worker.close()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)
