"""Files that appear whole or not at all, and objects, which always do."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from pipeline.places import ObjectPlace, Place
from schemas.errors import RunFolderError

PART = ".part"
# Workers of a coordinator that was killed may write for a while when the next one begins.
LEFT_AFTER_S = 3600.0


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


def new_file(place: Place, content: bytes) -> bool:
    """Make a file or an object that is not there yet, and return whether it was made here: one alone can.

    It appears whole. No two that want it may bring the same content.

    Raises:
        RunFolderError: it cannot be written.
    """
    try:
        return place.create(content) if isinstance(place, ObjectPlace) else _linked(place, content)
    except OSError as error:
        raise RunFolderError(str(place), f"cannot be written ({error.strerror or error})") from error


def _linked(path: Path, content: bytes) -> bool:
    aside = path.with_name(f".{path.name}.{uuid4().hex}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True


def remove_folder(place: Place) -> None:
    """Remove all that is below a place, as far as it can be."""
    if isinstance(place, Path):
        shutil.rmtree(place, ignore_errors=True)
        return
    with suppress(OSError):
        for each in place.rglob("*"):
            each.unlink(missing_ok=True)


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
    """Remove what killed writers left below `folder`, but not what somebody may be writing still."""
    for leftover in folder.rglob(f".*{PART}"):
        with suppress(FileNotFoundError):
            if time.time() - leftover.stat().st_mtime > LEFT_AFTER_S:
                leftover.unlink()
