"""Room set aside for the replies that are on their way when the disk fills up."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import orjson

from pipeline.llms.wire.exchange import Exchange
from schemas.requests import FailureReason, FinishReason, Usage

_ROOM_BYTES = 8 << 20  # 1,000 replies in flight of 8 kB each
_PREFIX = "reserve-"
_in_use: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Reserve:
    """A file of zeros in the journal's folder, written over with replies that no commit could take."""

    path: Path
    file: BinaryIO

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
        _in_use.discard(self.path)
        if not kept:
            self.path.unlink()


def open_reserve(folder: Path) -> Reserve:
    """Return a new reserve in `folder`.

    Raises:
        OSError: there is no room for it.
    """
    with NamedTemporaryFile(dir=folder, prefix=_PREFIX, delete=False, buffering=0) as made:
        path = Path(made.name).resolve()
        _in_use.add(path)
    try:
        file = path.open("r+b")
        file.write(bytes(_ROOM_BYTES))
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
    except OSError:
        _in_use.discard(path)
        path.unlink()
        raise
    return Reserve(path, file)


def left_in(folder: Path) -> Mapping[Path, list[Exchange]]:
    """Return the replies in the reserves that ended sessions left in `folder`, by file.

    A folder belongs to one process at a time, so a reserve that this one does not use is left over.
    """
    left = sorted({path.resolve() for path in folder.glob(f"{_PREFIX}*")} - _in_use)
    return {path: _kept_in(path) for path in left}


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
