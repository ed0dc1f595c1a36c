"""A migrated, empty Prefect database, kept in the user's cache so that a new run need not migrate its own.

One per version of Prefect. It is taken from a server that has just become ready, by SQLite's own backup, and
put in place whole: a cache that is missing, read-only or damaged costs time and nothing else.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

from pipeline.user_cache import user_cache

_DATABASE = "prefect.db"


def bring_in(home: Path) -> None:
    """Give a new server's home the migrated database, where there is one."""
    kept, database = _kept(), home / _DATABASE
    if database.exists() or not kept.exists():
        return
    with suppress(OSError, sqlite3.Error):
        _copy(kept, database)


def keep(home: Path) -> None:
    """Keep the database of a server that has just become ready, where none of its version is kept yet."""
    kept, database = _kept(), home / _DATABASE
    if kept.exists() or not database.exists():
        return
    with suppress(OSError, sqlite3.Error):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(database, kept)


def _kept() -> Path:
    return user_cache() / f"prefect-{version('prefect')}.db"


def _copy(source: Path, target: Path) -> None:
    """Copy a database that others may have open. What is damaged is not copied."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as before:
            if before.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError(f"{source} is damaged")
            with closing(sqlite3.connect(aside)) as after:
                before.backup(after)
                after.execute("PRAGMA journal_mode=DELETE")  # one file, which readers leave as it is
        shutil.move(aside, target)
    finally:
        aside.unlink(missing_ok=True)
