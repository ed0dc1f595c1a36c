"""The journal of a run on an object store, where nothing can be appended: parts, written every few seconds.

Replies gather in the journal of this machine, and those that stand in no part yet are noted there, so that a
killed process writes them the next time. A part is gzipped JSON lines. Several workers write side by side.
"""

import gzip
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from uuid import uuid4

import orjson

from pipeline.llms.journal.store import ReplyStore, open_store, unusable
from pipeline.places import ObjectPlace, Place, scratch_of

PREFIX, SUFFIX = "part-", ".jsonl.gz"
# When so many parts are there at an opening, they become few.
MANY_PARTS = 64
ROWS_PER_PART = 20_000


class Parts:
    """The parts of one journal, beside the `store` that gathers them here."""

    def __init__(self, place: ObjectPlace, store: ReplyStore) -> None:
        self._place, self._store = place, store

    def load(self) -> None:
        """Take in the parts that are not here yet.

        Raises:
            RunFolderError: the store does not give them, or one is damaged.
        """
        try:
            names = self._names()
            known = self._store.known_parts()
            for name in names:
                if name not in known:
                    self._take(name)
            if len(names) > MANY_PARTS:
                self.rewrite()
        except (OSError, EOFError, orjson.JSONDecodeError) as error:
            raise unusable(self._place, error) from error

    def write(self) -> None:
        """Write what stands in no part yet.

        Raises:
            RunFolderError: the store does not take it. It stays noted here.
        """
        try:
            while rows := self._store.unsent(ROWS_PER_PART):
                self._store.sent(self._put(rows), [row["key"] for row in rows])
        except OSError as error:
            raise unusable(self._place, error) from error

    def rewrite(self) -> None:
        """Put all that is here into few parts, in the place of those that are known here.

        Raises:
            OSError: the store refuses. Nothing is lost: old parts go when the new ones are there.
        """
        earlier = self._store.known_parts()
        rows = self._store.rows()
        while batch := list(islice(rows, ROWS_PER_PART)):
            self._store.sent(self._put(batch), [row["key"] for row in batch])
        for name in earlier:
            (self._place / name).unlink(missing_ok=True)
        self._store.forget_parts(earlier)

    def _names(self) -> list[str]:
        return sorted(each.name for each in self._place.glob(f"{PREFIX}*{SUFFIX}"))

    def _take(self, name: str) -> None:
        try:
            content = gzip.decompress((self._place / name).read_bytes())
        except FileNotFoundError:  # another worker made few parts of many meanwhile: its own come next time
            return
        self._store.take(name, [orjson.loads(line) for line in content.splitlines()])

    def _put(self, rows: Iterable[dict[str, object]]) -> str:
        lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        name = f"{PREFIX}{time.time_ns()}-{uuid4().hex[:8]}{SUFFIX}"
        (self._place / name).write_bytes(gzip.compress(lines, 6))
        return name


def here(place: Place) -> Path:
    """Return the folder of this machine that holds a journal: its own, or the one that gathers parts."""
    return place if isinstance(place, Path) else scratch_of(place)


@contextmanager
def journal_at(place: Place) -> Iterator[ReplyStore]:
    """Give the replies kept at `place`, all parts of an object store loaded.

    Raises:
        RunFolderError: they cannot be read.
    """
    store = open_store(here(place))
    try:
        if isinstance(place, ObjectPlace):
            Parts(place, store).load()
        yield store
    finally:
        store.close()
