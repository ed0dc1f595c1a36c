"""The journal's file: one SQLite table, each row a reply under the hash of what was asked.

SQLite's write-ahead log commits many replies with one flush, drops a torn last one by checksum, and lets
several processes write side by side; looking up by key keeps memory flat over millions of replies.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

from pipeline.llms.journal.rows import COLUMNS, NAMES, SCHEMA, exchange_of, row_of
from pipeline.llms.wire.exchange import Exchange
from pipeline.places import Place
from schemas.errors import RunFolderError
from schemas.requests import Usage

FILE_NAME = "replies.sqlite3"
_VERSION = 0  # raised by one that cannot read what this one writes, or the other way round
_BROKEN = ("not a database", "malformed")
_INSERT = f"INSERT OR IGNORE INTO exchanges ({COLUMNS}, written) VALUES ({', '.join('?' * 14)})"  # noqa: S608
_SELECT = f"SELECT {COLUMNS} FROM exchanges WHERE key = ?"  # noqa: S608  # constants
_SPENT = (
    "SELECT recipe, SUM(prompt_tokens), SUM(cached_tokens), SUM(completion_tokens), SUM(cost_usd), "
    "SUM(requests) FROM exchanges GROUP BY recipe"
)
_WHICH = "(?1 IS NULL OR recipe = ?1) AND (?2 IS NULL OR written < ?2) AND (NOT ?3 OR error IS NOT NULL)"
_SUMS = (
    "COUNT(*), COUNT(error), SUM(LENGTH(content) + LENGTH(thinking)), MIN(written), MAX(written), "
    "SUM(prompt_tokens), SUM(cached_tokens), SUM(completion_tokens), SUM(cost_usd), SUM(requests)"
)
_GROUPS = "GROUP BY recipe, model ORDER BY recipe, model"
_SUMMARY = f"SELECT recipe, model, {_SUMS} FROM exchanges WHERE {_WHICH} {_GROUPS}"  # noqa: S608  # constants
_FORGET = f"DELETE FROM exchanges WHERE {_WHICH}"  # noqa: S608  # constants
_BUSY_S = 30.0
_ROWS = f"SELECT {', '.join(NAMES)} FROM exchanges"  # noqa: S608  # constants
_PAGE = f"{_ROWS} WHERE key > ? ORDER BY key LIMIT ?"
_PAGE_ROWS = 1000
_UNSENT = f"{_ROWS} WHERE key IN (SELECT key FROM unsent LIMIT ?)"  # noqa: S608  # constants
# What the parts of an object store hold already, and what stands in none of them yet.
_PARTS_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY) STRICT",
    "CREATE TABLE IF NOT EXISTS unsent (key TEXT PRIMARY KEY) STRICT",
)


class ReplyStore:
    """A folder's replies. One instance belongs to one thread at a time."""

    def __init__(self, folder: Path, database: sqlite3.Connection) -> None:
        self.folder = folder
        self._database = database

    def get(self, key: str) -> Exchange | None:
        """Return what was said under `key`, None where nothing was.

        Raises:
            RunFolderError: the file cannot be read.
        """
        with self._used():
            row = self._database.execute(_SELECT, (key,)).fetchone()
        return exchange_of(row) if row else None

    def add(self, exchanges: Iterable[Exchange], *, for_parts: bool = False) -> None:
        """Write `exchanges` and return once they are on disk, all or none of them.

        With `for_parts`, they are noted as standing in no part yet.

        Raises:
            RunFolderError: the disk is full, or the file cannot be written.
        """
        now = time.time()
        rows = [row_of(each, now) for exchange in exchanges for each in (exchange, *exchange.parts)]
        with self._changing():
            self._database.executemany(_INSERT, rows)
            self._unbatch(str(row[0]) for row in rows)
            if for_parts:
                self._note([str(row[0]) for row in rows])

    def spent(self) -> dict[str, Usage]:
        """Return what all replies took, by recipe.

        Raises:
            RunFolderError: the file cannot be read.
        """
        with self._used():
            rows = self._database.execute(_SPENT).fetchall()
        return {recipe: Usage(*sums) for recipe, *sums in rows}

    def summary(
        self, *, recipe: str | None = None, before: float | None = None, refusals: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return per recipe and model: replies, refusals, bytes, oldest, newest, and the sums of usage.

        Of the replies that fit everything given.

        Raises:
            RunFolderError: the file cannot be read.
        """
        with self._used():
            return self._database.execute(_SUMMARY, (recipe, before, refusals)).fetchall()

    def forget(self, *, recipe: str | None, before: float | None, refusals: bool) -> int:
        """Drop the replies that fit everything given, give their room back, and return how many they were.

        Raises:
            RunFolderError: the file cannot be written.
        """
        with self._changing():
            dropped = self._database.execute(_FORGET, (recipe, before, refusals)).rowcount
            self._database.execute("DELETE FROM unsent WHERE key NOT IN (SELECT key FROM exchanges)")
        with self._used():
            self._database.execute("VACUUM")
        return dropped

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield all rows as they stand, by column. Others may write meanwhile, and so may who reads."""
        key = ""
        while page := self._database.execute(_PAGE, (key, _PAGE_ROWS)).fetchall():
            yield from (dict(zip(NAMES, row, strict=True)) for row in page)
            key = page[-1][0]

    def unsent(self, most: int) -> list[dict[str, object]]:
        """Return rows that stand in no part yet, so many at most."""
        return [dict(zip(NAMES, row, strict=True)) for row in self._database.execute(_UNSENT, (most,))]

    def sent(self, part: str, keys: Iterable[object]) -> None:
        """Note that a part holds the rows under `keys`."""
        with self._changing():
            self._database.executemany("DELETE FROM unsent WHERE key = ?", [(key,) for key in keys])
            self._database.execute("INSERT OR IGNORE INTO parts VALUES (?)", (part,))

    def take(self, part: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Take in a part's rows."""
        with self._changing():
            self._database.executemany(_INSERT, [tuple(row[name] for name in NAMES) for row in rows])
            self._database.execute("INSERT OR IGNORE INTO parts VALUES (?)", (part,))

    def known_parts(self) -> set[str]:
        """Return the names of the parts whose rows are here."""
        return {name for (name,) in self._database.execute("SELECT name FROM parts")}

    def forget_parts(self, names: Iterable[str]) -> None:
        """Note that parts are gone."""
        with self._changing():
            self._database.executemany("DELETE FROM parts WHERE name = ?", [(name,) for name in names])

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Commit what the block changes, all or none of it."""
        with self._used(), self._database:
            yield

    @contextmanager
    def _used(self) -> Iterator[None]:
        """Say of the journal what the database says. It overflows on numbers beyond 64 bits."""
        try:
            yield
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise unusable(self.folder, error) from error

    def _note(self, keys: Iterable[str]) -> None:
        self._database.executemany("INSERT OR IGNORE INTO unsent VALUES (?)", [(key,) for key in keys])

    def batch_of(self, key: str) -> str | None:
        """Return the batch in which the request under `key` was sent, None where it waits for none.

        Raises:
            RunFolderError: the file cannot be read.
        """
        with self._used():
            row = self._database.execute("SELECT batch FROM batched WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def note_batch(self, batch: str, keys: Iterable[str]) -> None:
        """Remember which requests were sent in a batch, until their replies are here.

        Raises:
            RunFolderError: the file cannot be written.
        """
        with self._changing():
            self._database.executemany(
                "INSERT OR REPLACE INTO batched VALUES (?, ?)", [(key, batch) for key in keys]
            )

    def forget_batched(self, keys: Iterable[str]) -> None:
        """Forget that requests were sent in a batch: it did not answer them.

        Raises:
            RunFolderError: the file cannot be written.
        """
        with self._changing():
            self._unbatch(keys)

    def _unbatch(self, keys: Iterable[str]) -> None:
        self._database.executemany("DELETE FROM batched WHERE key = ?", [(key,) for key in keys])

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def open_store(folder: Path) -> ReplyStore:
    """Return the replies in `folder`, which is made where it is missing.

    Raises:
        RunFolderError: the folder cannot be written, or holds something else under the journal's name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(folder / FILE_NAME, timeout=_BUSY_S, check_same_thread=False)
        [version] = database.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise RunFolderError(str(folder), f"{FILE_NAME} is of a newer Tunesmith; update this one")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        for schema in (SCHEMA, *_PARTS_SCHEMA):
            database.execute(schema)
        database.execute(
            "CREATE TABLE IF NOT EXISTS batched (key TEXT PRIMARY KEY, batch TEXT NOT NULL) STRICT"
        )
    except (OSError, sqlite3.Error) as error:
        raise unusable(folder, error) from error
    return ReplyStore(folder, database)


def unusable(folder: Place, error: Exception) -> RunFolderError:
    """Return the error that says why a folder's replies cannot be used."""
    return RunFolderError(str(folder), f"the journal of replies cannot be used: {error}{_way_out(error)}")


def _way_out(error: Exception) -> str:
    """Return what can be done about it, where there is something."""
    if "full" in str(error) or getattr(error, "errno", 0) == ENOSPC:
        return "; make room, then run the same command again"
    if any(word in str(error) for word in _BROKEN):
        return (
            f"; move {FILE_NAME} and what begins with its name elsewhere, and its replies are asked for again"
        )
    return ""
