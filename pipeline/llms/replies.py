"""What `tunesmith replies` shows and prunes: the journal of a run, or a cache that runs share."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.llms.journal.parts import PREFIX, Parts, here, journal_at
from pipeline.llms.journal.store import FILE_NAME, ReplyStore
from pipeline.places import ObjectPlace, Place
from schemas.errors import RunFolderError, UnknownName
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


def list_replies(
    folder: Place, *, recipe: str | None = None, older_than_days: float | None = None, refusals: bool = False
) -> tuple[KeptReplies, ...]:
    """Return what `folder` keeps of the replies that fit everything given, by recipe and model.

    Raises:
        RunFolderError: it holds no journal, or one that cannot be read.
        UnknownName: no reply is of that recipe.
    """
    before = _moment(older_than_days)
    with journal_at(_with_journal(folder)) as store:
        _check(recipe, store)
        found = store.summary(recipe=recipe, before=before, refusals=refusals)
        return tuple(
            KeptReplies(name, model, count - refused, refused, size, Usage(*sums), oldest, newest)
            for name, model, count, refused, size, oldest, newest, *sums in found
        )


def prune_replies(
    folder: Place, *, recipe: str | None = None, older_than_days: float | None = None, refusals: bool = False
) -> int:
    """Forget the replies that fit everything given, and return how many. With nothing given, all go.

    `refusals` forgets only what endpoints turned down, so that it is asked for again.

    Raises:
        RunFolderError: `folder` holds no journal, or one that cannot be written.
        UnknownName: no reply is of that recipe.
    """
    before = _moment(older_than_days)
    with journal_at(_with_journal(folder)) as store:
        _check(recipe, store)
        count = store.forget(recipe=recipe, before=before, refusals=refusals)
        if isinstance(folder, ObjectPlace):
            Parts(folder, store).rewrite()
        return count


def spent_on(folder: Place) -> Mapping[str, Usage]:
    """Return what a run has paid over all its sessions, by recipe; nothing where it asked no endpoint."""
    if not _has_journal(folder):
        return {}
    with journal_at(folder) as store:
        return store.spent()


def tidy_replies(folder: Place) -> None:
    """Make few parts of very many in an object store. Only for who holds the run's lock.

    Raises:
        RunFolderError: the store refuses.
    """
    if isinstance(folder, ObjectPlace) and _has_journal(folder):
        with journal_at(folder) as store:
            Parts(folder, store).tidy()


def _moment(days_ago: float | None) -> float | None:
    return None if days_ago is None else time.time() - days_ago * _DAY_S


def _check(recipe: str | None, store: ReplyStore) -> None:
    if recipe is not None and recipe not in store.spent():
        raise UnknownName("recipe of the replies here", recipe, store.spent())


def _has_journal(folder: Place) -> bool:
    if (here(folder) / FILE_NAME).exists():
        return True
    return isinstance(folder, ObjectPlace) and any(folder.glob(f"{PREFIX}*"))


def _with_journal(folder: Place) -> Place:
    if not _has_journal(folder):
        raise RunFolderError(str(folder), "there is no journal of replies here")
    return folder
