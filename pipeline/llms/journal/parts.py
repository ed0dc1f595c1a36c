"""The journal of a run on an object store, where nothing can be appended: parts, written every few seconds.

Replies gather in the journal of this machine, and those that stand in no part yet are noted there, so that a
killed process writes them the next time. A part is gzipped JSON lines. Several workers write side by side;
each makes few parts of its many when it ends, and old ones go when the new ones are there.
"""

import gzip
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from uuid import uuid4

import orjson

from pipeline.llms.journal.store import ReplyStore, open_store, unusable
from pipeline.places import ObjectPlace, Place, scratch_of

PREFIX, SUFFIX = "part-", ".jsonl.gz"
# When so many parts are there at the start of a run, or a process wrote so many, they become few.
MANY_PARTS = 64
MANY_OWN = 8
ROWS_PER_PART = 20_000
_LOOKS = 10  # while others make few parts of many


class Parts:
    """The parts of one journal, beside the `store` that gathers them here."""

    def __init__(self, place: ObjectPlace, store: ReplyStore) -> None:
        self._place, self._store = place, store
        self._written: list[str] = []

    def load(self) -> None:
        """Take in the parts that are not here yet.

        Raises:
            RunFolderError: the store does not give them, or one is damaged.
        """
        with self._usable():
            for _ in range(_LOOKS):
                if all(self._taken(name) for name in sorted(self._names() - self._store.known_parts())):
                    return

    def write(self) -> None:
        """Write what stands in no part yet.

        Raises:
            RunFolderError: the store does not take it. It stays noted here.
        """
        with self._usable():
            while rows := self._store.unsent(ROWS_PER_PART):
                self._written.append(self._put(rows))

    def close(self) -> None:
        """Write the rest, and make few parts of those that were written here.

        Raises:
            RunFolderError: the store does not take it. It stays noted here.
        """
        self.write()
        if len(self._written) > MANY_OWN:
            self._merge(self._written)

    def tidy(self) -> None:
        """Make few parts of very many. Only for who holds the run's lock: all others would do the same.

        Raises:
            RunFolderError: the store refuses.
        """
        with self._usable():
            names = self._names()
        if len(names) > MANY_PARTS:
            self._merge(sorted(names))

    def rewrite(self) -> None:
        """Put all that is here into few parts, in the place of those that are known here.

        Raises:
            RunFolderError: the store refuses.
        """
        self._replace(sorted(self._store.known_parts()), self._store.rows())

    def _merge(self, names: Sequence[str]) -> None:
        self._replace(names, (row for name in names for row in self._read(name) or ()))

    def _replace(self, names: Sequence[str], rows: Iterator[dict[str, object]]) -> None:
        """Put `rows` into new parts, then remove those called `names`."""
        with self._usable():
            while batch := list(islice(rows, ROWS_PER_PART)):
                self._put(batch)
            for name in names:
                (self._place / name).unlink(missing_ok=True)
        self._store.forget_parts(names)

    def _names(self) -> set[str]:
        return {each.name for each in self._place.glob(f"{PREFIX}*{SUFFIX}")}

    def _taken(self, name: str) -> bool:
        """Take in a part, and return whether it was there still."""
        rows = self._read(name)
        if rows is not None:
            self._store.take(name, rows)
        return rows is not None

    def _read(self, name: str) -> list[dict[str, object]] | None:
        """Return a part's rows, None where others made few parts of many meanwhile: new ones hold them."""
        try:
            content = gzip.decompress((self._place / name).read_bytes())
        except FileNotFoundError:
            return None
        return [orjson.loads(line) for line in content.splitlines()]

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
            raise unusable(self._place, error) from error

    def _put(self, rows: Sequence[dict[str, object]]) -> str:
        """Write a part, note here what it holds, and return its name."""
        lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        name = f"{PREFIX}{time.time_ns()}-{uuid4().hex[:8]}{SUFFIX}"
        (self._place / name).write_bytes(gzip.compress(lines, 6))
        self._store.sent(name, [row["key"] for row in rows])
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
