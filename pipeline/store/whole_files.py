"""Files that appear whole or not at all."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from schemas.errors import RunFolderError

PART = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a place to write `path` aside; it takes its name when the block ends well.

    Raises:
        RunFolderError: the disk is full, or the folder is gone or cannot be written.
    """
    aside = path.with_name(f".{path.name}.{_writer()}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        sync(aside)
        aside.replace(path)
        sync(path.parent)
    except OSError as error:
        problem = f"cannot be written ({error.strerror or error})"
        advice = "see to room and permission there, then run the same command again"
        raise RunFolderError(str(path), f"{problem}; {advice}") from error
    finally:
        with suppress(OSError):
            aside.unlink()


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
