"""The kept database: it saves a migration, and can do no harm."""

import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from flows.server_template import bring_in, keep


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the place where the database is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tunesmith" / f"prefect-{version('prefect')}.db"


def home_with_a_database(folder: Path) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "prefect.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("create table migrated (version text)")
        database.commit()
    return folder


def test_a_new_home_gets_the_database_that_an_earlier_one_left(kept: Path, tmp_path: Path) -> None:
    keep(home_with_a_database(tmp_path / "first"))
    second = tmp_path / "second"
    second.mkdir()
    bring_in(second)
    with closing(sqlite3.connect(second / "prefect.db")) as database:
        assert database.execute("select count(*) from migrated").fetchone() == (0,)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_a_home_keeps_the_database_that_it_has(kept: Path, tmp_path: Path) -> None:
    first = home_with_a_database(tmp_path / "first")
    keep(first)
    (first / "prefect.db").write_bytes(b"mine")
    bring_in(first)
    assert (first / "prefect.db").read_bytes() == b"mine"


def test_a_damaged_or_missing_cache_is_as_good_as_none(kept: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    bring_in(home)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"SQLite format 3\x00 and then nothing")
    bring_in(home)
    assert list(home.iterdir()) == []


def test_a_cache_that_cannot_be_written_does_not_matter(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    keep(home_with_a_database(tmp_path / "first"))
    assert not kept.exists()
