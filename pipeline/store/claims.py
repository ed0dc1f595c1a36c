"""Who of several processes makes which shard of a run: claims, on nothing but the run's store.

owners/<owner>          a count that its owner raises every few seconds while it lives
taken/<name>.<number>   who took `name`, the highest number counts

A claim is a file or an object that only one can make. It holds as long as its owner's count goes on: whoever
wants what a dead one holds makes the one with the next number, and again only one can. No clocks are
compared: each waits by its own how long a count stands still, and no time counts in which the store was
away. An owner whose count was removed has lost everything, and learns it with its next beat.
"""

import time
from contextlib import suppress

from pipeline.places import Place
from pipeline.store.whole_files import new_file, whole_file
from schemas.errors import RunFolderError

DEAD_AFTER_S = 60.0


class Claims:
    """The claims of one owner, at a place that all share."""

    def __init__(self, place: Place, owner: str, dead_after_s: float = DEAD_AFTER_S) -> None:
        self._watch = Watch(place, dead_after_s)
        self._dead_after_s = dead_after_s
        self._taken = place / "taken"
        self._own = place / "owners" / owner
        self._owner = owner
        self._count = 0
        self._told = time.monotonic()

    def begin(self) -> None:
        """Be known as an owner that lives.

        Raises:
            RunFolderError: the place cannot be written.
        """
        self._write()

    def beat(self) -> bool:
        """Tell that this owner still lives, and return whether anybody counts on it.

        Who could tell nobody for as long as makes it dead to others must not go on.
        """
        try:
            if not self._own.exists():
                return False
            self._count += 1
            self._write()
        except (OSError, RunFolderError):
            return time.monotonic() - self._told < self._dead_after_s
        return True

    def take(self, name: str) -> bool:
        """Return whether `name` is this owner's now. It is not where another owner has it and lives.

        Raises:
            RunFolderError: the place cannot be read or written.
        """
        try:
            number = self._number(name)
            holder = _text(self._taken / f"{name}.{number}")
        except OSError as error:
            raise RunFolderError(str(self._taken), f"cannot be read ({error.strerror})") from error
        if holder == self._owner:
            return True
        if holder and self._watch.lives(holder):
            return False
        return new_file(self._taken / f"{name}.{number + 1}", self._owner.encode())

    def end(self) -> None:
        """Give back all that was taken."""
        self._watch.forget(self._owner)

    def _number(self, name: str) -> int:
        """Return the number of the last claim on `name`, -1 where there is none."""
        number = -1
        while (self._taken / f"{name}.{number + 1}").exists():
            number += 1
        return number

    def _write(self) -> None:
        with whole_file(self._own) as aside:
            aside.write_text(str(self._count), encoding="utf-8")
        self._told = time.monotonic()


class Watch:
    """Looks whether owners live."""

    def __init__(self, place: Place, dead_after_s: float = DEAD_AFTER_S) -> None:
        self._owners = place / "owners"
        self._dead_after_s = dead_after_s
        self._seen: dict[str, tuple[str, float]] = {}

    def lives(self, owner: str) -> bool:
        """Whether `owner` gave a sign of life lately, as far as this looker can tell."""
        before, since = self._seen.get(owner, ("", 0.0))
        try:
            count = _text(self._owners / owner)
        except OSError:  # the store is away: the owner could tell nobody, so the wait begins anew
            self._seen[owner] = (before, time.monotonic())
            return True
        if not count:
            return False
        if count != before:
            before, since = self._seen[owner] = (count, time.monotonic())
        return time.monotonic() - since < self._dead_after_s

    def forget(self, owner: str) -> None:
        """Declare `owner` dead: what it holds is free, and it stops when it learns of it."""
        with suppress(OSError):
            (self._owners / owner).unlink(missing_ok=True)


def _text(place: Place) -> str:
    """Return what stands at `place`, nothing where there is none."""
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
