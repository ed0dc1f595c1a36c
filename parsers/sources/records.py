"""JSON lines: each line is a source of its own, so that a file of a million records stays small in memory."""

from collections.abc import Iterator
from typing import IO

from parsers.sources.found import Found, Loaded, too_large

RECORD_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_MAX_LINE_BYTES = 256 * 1024 * 1024


def records(uri: str, file: IO[bytes]) -> Iterator[Found]:
    """Yield the lines of a file that hold something, named `file.jsonl#12` by their number."""
    with file:
        number = 0
        while line := file.readline(_MAX_LINE_BYTES + 1):
            number += 1
            if line.strip():
                yield _record(f"{uri}#{number}", line)


def _record(uri: str, line: bytes) -> Found:
    def load(max_bytes: int) -> Loaded:
        if len(line) > max_bytes:
            raise too_large(uri, max_bytes)
        return Loaded(line, "application/json")

    return Found(uri, load)
