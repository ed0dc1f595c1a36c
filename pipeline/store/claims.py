"""Who of several processes makes which shard of a run: claims, on nothing but the run's store.

owners/<owner>          a count that its owner raises every few seconds while it lives
taken/<name>.<number>   who took `name`, the highest number counts

A claim is a file that only one can make. It holds as long as its owner's count goes on: whoever wants what a
dead one holds makes the file with the next number, and again only one can. No clocks are compared: each waits
by its own how long a count stands still. An owner whose count was removed has lost everything, and learns it
with its next beat.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from pipeline.store.whole_files import whole_file
from schemas.errors import RunFolderError

DEAD_AFTER_S = 60.0


class Claims:
    """The claims of one owner, in a folder that all share."""

    def __init__(self, folder: Path, owner: str, dead_after_s: float = DEAD_AFTER_S) -> None:
        self._watch = Watch(folder, dead_after_s)
        self._taken = folder / "taken"
        self._own = folder / "owners" / owner
        self._owner = owner
        self._count = 0

    def begin(self) -> None:
        """Be known as an owner that lives.

        Raises:
            RunFolderError: the folder cannot be written.
        """
        self._write()

    def beat(self) -> bool:
        """Tell that this owner still lives, and return whether anybody counts on it."""
        if not self._own.exists():
            return False
        self._count += 1
        self._write()
        return True

    def take(self, name: str) -> bool:
        """Return whether `name` is this owner's now. It is not where another owner has it and lives."""
        number = self._number(name)
        holder = _text(self._taken / f"{name}.{number}")
        if holder == self._owner:
            return True
        if holder and self._watch.lives(holder):
            return False
        return _made(self._taken / f"{name}.{number + 1}", self._owner)

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


class Watch:
    """Looks whether owners live."""

    def __init__(self, folder: Path, dead_after_s: float = DEAD_AFTER_S) -> None:
        self._owners = folder / "owners"
        self._dead_after_s = dead_after_s
        self._seen: dict[str, tuple[str, float]] = {}

    def lives(self, owner: str) -> bool:
        """Whether `owner` gave a sign of life lately, as far as this looker can tell."""
        count = _text(self._owners / owner)
        if not count:
            return False
        before, since = self._seen.get(owner, ("", 0.0))
        if count != before:
            before, since = self._seen[owner] = (count, time.monotonic())
        return time.monotonic() - since < self._dead_after_s

    def forget(self, owner: str) -> None:
        """Declare `owner` dead: what it holds is free, and it stops when it learns of it."""
        with suppress(OSError):
            (self._owners / owner).unlink(missing_ok=True)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _made(path: Path, text: str) -> bool:
    """Make a file that is not there yet, and return whether it was this process that made it.

    It is linked into place whole: nobody reads a claim without its owner.
    """
    aside = path.with_name(f".{path.name}.{text}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        os.link(aside, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise RunFolderError(str(path), f"cannot be written ({error.strerror})") from error
    finally:
        aside.unlink(missing_ok=True)
    return True
