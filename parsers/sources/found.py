"""What the finders hand on: something that can be loaded, not loaded yet."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from schemas.documents import Source
from schemas.errors import UnreadableDocument


@dataclass(frozen=True, slots=True)
class Loaded:
    """A source's bytes. `declared` is the media type that a server states, `name` the file's name."""

    content: bytes
    declared: str = ""
    title: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A source that can be read. `load` takes the largest size in bytes that is welcome.

    `load` raises `UnreadableDocument` for what cannot be had. `open` reads it piece by piece, where that can
    be done, and raises `OSError`. `stat` is there for local files, and raises it too. A `source` is one that
    need not be loaded.
    """

    uri: str
    load: Callable[[int], Loaded]
    open: Callable[[], IO[bytes]] | None = None
    stat: Callable[[], os.stat_result] | None = None
    source: Source | None = None

    @property
    def name(self) -> str:
        """The last part of the path, which carries the suffix."""
        outer, _, inner = self.uri.rpartition("!/")
        path = inner if outer or "://" not in self.uri else unquote(urlsplit(self.uri).path)
        return PurePosixPath(path.replace("\\", "/")).name


def broken(uri: str, reason: str, detail: str) -> Found:
    """Return a source that ends with a reason as soon as it is loaded."""

    def load(_: int) -> Loaded:
        raise UnreadableDocument(uri, reason, detail)

    return Found(uri, load)


def too_large(uri: str, max_bytes: int) -> UnreadableDocument:
    """Return the error of a source that is larger than the settings allow."""
    limit_mb = max_bytes // (1024 * 1024)
    return UnreadableDocument(uri, "too_large", f"it is larger than {limit_mb} MB (parse.max_file_mb)")
