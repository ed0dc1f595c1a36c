"""Files that appear whole or not at all."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.places import ObjectPlace, Place
from schemas.errors import RunFolderError

PART = ".part"


@contextmanager
def whole_file(place: Place) -> Iterator[Path]:
    """Give a path to write `place` aside; it takes its name when the block ends well.

    Raises:
        RunFolderError: the disk is full, the folder is gone or cannot be written, or the store refuses.
    """
    try:
        with _uploaded(place) if isinstance(place, ObjectPlace) else _renamed(place) as aside:
            yield aside
    except OSError as error:
        problem = f"cannot be written ({error.strerror or error})"
        advice = "see to room and permission there, then run the same command again"
        raise RunFolderError(str(place), f"{problem}; {advice}") from error


@contextmanager
def _renamed(path: Path) -> Iterator[Path]:
    aside = path.with_name(f".{path.name}.{_writer()}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        sync(aside)
        aside.replace(path)
        sync(path.parent)
    finally:
        with suppress(OSError):
            aside.unlink()


@contextmanager
def _uploaded(place: ObjectPlace) -> Iterator[Path]:
    with TemporaryDirectory(prefix="tunesmith-") as folder:
        aside = Path(folder) / place.name
        yield aside
        place.put(aside)


def _writer() -> str:
    """Return what no other process that writes into the folder is called, on whichever machine."""
    return f"{socket.gethostname()}-{os.getpid()}"


def sync(path: Path) -> None:
    """Have the system put a file or a folder on the disk itself."""
    if os.name == "nt" and path.is_dir():  # Windows opens no folders
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> None:
    """Remove what killed writers left below `folder`. Only for who holds the run's lock."""
    for leftover in folder.rglob(f".*{PART}"):
        leftover.unlink(missing_ok=True)
