"""Tables that an older version wrote: what is new since has its default, where it has one."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.store.tables import Table
from schemas.errors import RunFolderError


@dataclass(frozen=True)
class Note:
    text: str


@dataclass(frozen=True)
class LaterNote:
    text: str
    page: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    note: Note
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class LaterPage:
    note: LaterNote
    notes: tuple[LaterNote, ...]
    mark: str = "none"


@dataclass(frozen=True)
class StrictPage:
    note: LaterNote
    notes: tuple[LaterNote, ...]
    mark: str


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.parquet"
    Table(Page, spread="note").write(path, [Page(Note("a"), (Note("b"), Note("c")))])
    return path


def test_fields_that_are_newer_than_a_file_have_their_defaults(old: Path) -> None:
    [page] = Table(LaterPage, spread="note").read(old)
    assert page == LaterPage(LaterNote("a"), (LaterNote("b"), LaterNote("c")))


def test_a_field_without_a_default_is_named_with_what_to_do(old: Path) -> None:
    with pytest.raises(
        RunFolderError, match="no column 'mark': an older version wrote it; delete it and run"
    ):
        list(Table(StrictPage, spread="note").read(old))
