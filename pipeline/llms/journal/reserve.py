"""Room set aside for the replies that are on their way when the disk fills up."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import orjson
from filelock import FileLock, Timeout

from pipeline.llms.wire.exchange import Exchange
from schemas.requests import FailureReason, FinishReason, Usage

_ROOM_BYTES = 8 << 20  # 1,000 replies in flight of 8 kB each
_PREFIX = "reserve-"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Reserve:
    """A file of zeros in the journal's folder, written over with replies that no commit could take."""

    path: Path
    file: BinaryIO
    lock: FileLock

    def keep(self, exchanges: Iterable[Exchange]) -> None:
        """Write `exchanges`, one a line, and return once they are on disk.

        Raises:
            OSError: the reserve, too, is used up.
        """
        self.file.writelines(
            orjson.dumps(exchange, option=orjson.OPT_APPEND_NEWLINE) for exchange in exchanges
        )
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        """Give the room back, unless replies are in it."""
        kept = self.file.tell() > 0
        self.file.close()
        if not kept:
            self.path.unlink()
        _let_go(self.lock)


def open_reserve(folder: Path) -> Reserve:
    """Return a new reserve in `folder`.

    Raises:
        OSError: there is no room for it.
    """
    path = folder.resolve() / f"{_PREFIX}{uuid4().hex}"
    lock = _lock_of(path)
    lock.acquire()
    try:
        file = path.open("w+b", buffering=0)
        file.write(bytes(_ROOM_BYTES))
        os.fsync(file.fileno())
        file.seek(0)
    except OSError:
        path.unlink(missing_ok=True)
        _let_go(lock)
        raise
    return Reserve(path, file, lock)


def left_in(folder: Path) -> Mapping[Path, list[Exchange]]:
    """Return the replies in the reserves that ended sessions left in `folder`, by file.

    A reserve in use is locked by its process, of which there may be several.
    """
    reserves = sorted(path for path in folder.resolve().glob(f"{_PREFIX}*") if path.suffix != _LOCK)
    return {path: _kept_in(path) for path in reserves if not _in_use(path)}


def _in_use(path: Path) -> bool:
    lock = _lock_of(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    _let_go(lock)
    return False


def _lock_of(path: Path) -> FileLock:
    return FileLock(path.with_name(path.name + _LOCK), thread_local=False)


def _let_go(lock: FileLock) -> None:
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)


def _kept_in(path: Path) -> list[Exchange]:
    """Return the replies up to the first line that is not whole."""
    exchanges = []
    for line in path.read_bytes().partition(b"\0")[0].splitlines():
        try:
            exchanges.append(_exchange(orjson.loads(line)))
        except orjson.JSONDecodeError:
            break
    return exchanges


def _exchange(kept: dict[str, Any]) -> Exchange:
    error = kept["error"]
    return Exchange(
        **{
            **kept,
            "finish_reason": FinishReason(kept["finish_reason"]),
            "usage": Usage(**kept["usage"]),
            "error": FailureReason(error) if error else None,
            "parts": tuple(_exchange(part) for part in kept["parts"]),
        }
    )
