"""What `tunesmith replies` shows and prunes: the journal of a run, or a cache that runs share."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.llms.journal.store import FILE_NAME, open_store
from schemas.errors import RunFolderError
from schemas.requests import Usage

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """The replies of one recipe and model. `bytes` counts their text; times are seconds since 1970."""

    recipe: str
    model: str
    replies: int
    refusals: int
    bytes: int
    usage: Usage
    oldest: float
    newest: float


def list_replies(folder: Path) -> tuple[KeptReplies, ...]:
    """Return what `folder` keeps, by recipe and model.

    Raises:
        RunFolderError: it holds no journal, or one that cannot be read.
    """
    store = open_store(_with_journal(folder))
    try:
        return tuple(
            KeptReplies(recipe, model, count - refused, refused, size, Usage(*sums), oldest, newest)
            for recipe, model, count, refused, size, oldest, newest, *sums in store.summary()
        )
    finally:
        store.close()


def prune_replies(
    folder: Path, *, recipe: str | None = None, older_than_days: float | None = None, refusals: bool = False
) -> int:
    """Forget the replies that fit everything given, and return how many. With nothing given, all go.

    `refusals` forgets only what endpoints turned down, so that it is asked for again.

    Raises:
        RunFolderError: `folder` holds no journal, or one that cannot be written.
    """
    before = time.time() - older_than_days * _DAY_S if older_than_days is not None else None
    store = open_store(_with_journal(folder))
    try:
        return store.forget(recipe=recipe, before=before, refusals=refusals)
    finally:
        store.close()


def spent_on(folder: Path) -> Mapping[str, Usage]:
    """Return what a run has paid over all its sessions, by recipe; nothing where it asked no endpoint."""
    if not (folder / FILE_NAME).exists():
        return {}
    store = open_store(folder)
    try:
        return store.spent()
    finally:
        store.close()


def _with_journal(folder: Path) -> Path:
    if not (folder / FILE_NAME).exists():
        raise RunFolderError(str(folder), "there is no journal of replies here")
    return folder
