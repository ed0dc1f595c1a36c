"""Room set aside for replies that are not committed yet, by when a kill or a full disk may come."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4
from zlib import crc32

import orjson
from filelock import FileLock, Timeout

from pipeline.llms.wire.exchange import Exchange
from schemas.requests import FailureReason, FinishReason, Usage

_ROOM_BYTES = 4 << 20  # 500 replies in flight of 8 kB each
_PREFIX = "reserve-"
_LOCK = ".lock"
_END = b"\0"


@dataclass(slots=True)
class Reserve:
    """A file in the journal's folder, written over with replies that are to be committed together.

    Each is a line with a checksum, and a zero follows the last of them: what stands behind it is of no group.
    """

    path: Path
    file: BinaryIO
    lock: FileLock
    _problem: OSError | None = field(default=None, init=False)

    def note(self, exchange: Exchange) -> None:
        """Write `exchange` down without a flush: a killed process leaves it, a power cut may take it."""
        line = _line(exchange) + _END
        try:
            written = self.file.write(line)
            self.file.seek(-len(_END), os.SEEK_CUR)
        except OSError as error:
            self._problem = error
        else:
            if written < len(line):
                self._problem = OSError("there is no room for all of it")

    def keep(self) -> None:
        """Return once all that was noted is on disk.

        Raises:
            OSError: the reserve, too, is used up.
        """
        if self._problem is not None:
            raise self._problem
        os.fsync(self.file.fileno())

    def clear(self) -> None:
        """Forget what was noted: it is committed."""
        self._problem = None
        self.file.seek(0)
        self.file.write(_END)
        self.file.seek(0)

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


def _line(exchange: Exchange) -> bytes:
    said = orjson.dumps(exchange)
    return b"%08x %s\n" % (crc32(said), said)


def _kept_in(path: Path) -> list[Exchange]:
    """Return the replies up to the first line that is not whole."""
    exchanges = []
    for line in path.read_bytes().partition(_END)[0].splitlines():
        checksum, _, said = line.partition(b" ")
        if checksum != b"%08x" % crc32(said):
            break
        exchanges.append(_exchange(orjson.loads(said)))
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
