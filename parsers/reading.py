"""From what a user named to documents, in a fixed order, with several child processes at work ahead."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from threading import Lock

from parsers.detection import parser_for
from parsers.pool.crew import Crew
from parsers.sources.finding import Unopened, find
from parsers.sources.found import Found, Loaded
from schemas.documents import Document, Source
from schemas.errors import UnreadableDocument
from schemas.settings import ParseSettings

__all__ = ["Found", "Known", "Unreadable", "find", "read"]

_MB = 1024 * 1024
_THREADS_PER_WORKER = 2  # one loads the next file while another waits for the child
_AHEAD_PER_WORKER = 16
_MAX_WAITING = 64 * _MB


@dataclass(frozen=True, slots=True)
class Known:
    """A source that `known` recognised, or that was not even opened: it is not parsed again."""

    source: Source


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source that ended without a document. `reason` is the ledger's word, `detail` is for people."""

    uri: str
    reason: str
    detail: str
    source: Source | None = None


Outcome = Document | Known | Unreadable


def read(
    uris: Sequence[str],
    settings: ParseSettings,
    *,
    limit: int | None = None,
    known: Callable[[Source], bool] = lambda _: False,
    unopened: Unopened | None = None,
) -> Iterator[Outcome]:
    """Yield how each source ended, in the order of `uris`, those of a folder sorted by name.

    At most `limit` sources are looked at. Each is read once. `known` is called from other threads, one
    call at a time; `unopened` before a file is opened, and the sources that it returns end as `Known`.
    Memory does not grow with the number of sources.

    Raises:
        SourceNotFound: one of `uris` leads to nothing; raised before anything is parsed.
    """
    found = islice(find(uris, settings, unopened), limit)
    return _read(found, Crew(settings), settings, known)


def _read(
    found: Iterable[Found], crew: Crew, settings: ParseSettings, known: Callable[[Source], bool]
) -> Iterator[Outcome]:
    waiting = _Waiting()
    reader = _Reader(crew, settings.max_file_mb * _MB, known, Lock(), waiting)
    threads = ThreadPoolExecutor(crew.size * _THREADS_PER_WORKER, thread_name_prefix="parse")
    ahead: deque[Future[Outcome]] = deque()
    try:
        for item in found:
            ahead.append(threads.submit(reader.read, item))
            while len(ahead) > crew.size * _AHEAD_PER_WORKER or waiting.memory_bytes > _MAX_WAITING:
                yield waiting.handed_over(ahead.popleft().result())
        while ahead:
            yield waiting.handed_over(ahead.popleft().result())
    finally:
        crew.stop()
        threads.shutdown(cancel_futures=True)
        crew.close()


@dataclass(slots=True)
class _Waiting:
    """About how much memory holds what is read but not handed over yet. Told from several threads."""

    memory_bytes: int = 0
    _one_at_a_time: Lock = field(default_factory=Lock)

    def counted(self, outcome: Outcome) -> Outcome:
        """Count what was read, and return it."""
        return self._change(outcome, 1)

    def handed_over(self, outcome: Outcome) -> Outcome:
        """Count it no more, and return it."""
        return self._change(outcome, -1)

    def _change(self, outcome: Outcome, sign: int) -> Outcome:
        if isinstance(outcome, Document):
            with self._one_at_a_time:
                self.memory_bytes += sign * outcome.memory_bytes
        return outcome


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes one source all its way. Called from several threads."""

    crew: Crew
    max_bytes: int
    known: Callable[[Source], bool]
    one_at_a_time: Lock
    waiting: _Waiting

    def read(self, found: Found) -> Outcome:
        """Return how a source ended, which waits from now on to be handed over."""
        return self.waiting.counted(self.outcome(found))

    def outcome(self, found: Found) -> Outcome:
        """Return how a source ended."""
        if found.source is not None:
            return Known(found.source)
        source: Source | None = None
        try:
            loaded = _with_content(found, found.load(self.max_bytes))
            name = loaded.name or found.name
            parser, media_type = parser_for(loaded.content, name, loaded.declared, found.uri)
            source = _source(found, loaded, media_type)
            with self.one_at_a_time:
                if self.known(source):
                    return Known(source)
            return self.crew.parse(parser, loaded.content, source)
        except UnreadableDocument as error:
            return Unreadable(found.uri, error.reason, error.detail, source)


def _with_content(found: Found, loaded: Loaded) -> Loaded:
    if not loaded.content.strip():
        raise UnreadableDocument(found.uri, "empty_file", "it is empty")
    return loaded


def _source(found: Found, loaded: Loaded, media_type: str) -> Source:
    digest = hashlib.sha256(loaded.content).hexdigest()
    title = loaded.title or PurePath(loaded.name or found.name).stem.replace("_", " ").strip() or found.uri
    return Source(found.uri, media_type, digest, len(loaded.content), title)
