"""Where a run stands: a path, or an object store's prefix that is used in the words of `pathlib`.

An object appears whole when its upload ends, so that nothing is written aside there.
"""

import atexit
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from pipeline.faults import PATIENCE_S, patiently
from pipeline.user_cache import user_cache
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

T = TypeVar("T")
_CLOSE_S = 5.0

# Paths made of an address have lost a slash; a drive's letter is no scheme.
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/+(.*)", re.DOTALL)


class Stat(NamedTuple):
    """An object's size in bytes, and the time of its last write by the store's clock."""

    st_size: int
    st_mtime_ns: int


@dataclass(frozen=True)
class ObjectPlace:
    """An object, or the prefix of some. What goes wrong is an OSError, as with files.

    `patience_s` is how long a store that is away is tried again; what is made from the place inherits it.
    """

    scheme: str
    path: str
    store: "AbstractFileSystem" = field(repr=False, compare=False)
    listed: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    patience_s: float = field(default=0.0, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.path.lstrip('/')}"

    def __truediv__(self, name: str) -> "ObjectPlace":
        return replace(self, path=f"{self.path}/{name}", listed=None)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return PurePosixPath(self.path).stem

    @property
    def parent(self) -> "ObjectPlace":
        """The prefix that it is in."""
        return replace(self, path=self.path.rpartition("/")[0], listed=None)

    @property
    def parts(self) -> tuple[str, ...]:
        """The path, taken apart."""
        return PurePosixPath(self.path).parts

    def resolve(self) -> "ObjectPlace":
        """Return the place: an address is whole."""
        return self

    def as_uri(self) -> str:
        """Return the address."""
        return str(self)

    def exists(self) -> bool:
        """Whether there is such an object, or one below."""
        return bool(self._ask(lambda: self.store.exists(self.path)))

    def is_file(self) -> bool:
        """Whether there is such an object."""
        return bool(self._ask(lambda: self.store.isfile(self.path)))

    def is_dir(self) -> bool:
        """Whether there are objects below."""
        return bool(self._ask(lambda: self.store.isdir(self.path)))

    def read_bytes(self) -> bytes:
        """Return the object's bytes."""
        return bytes(self._ask(lambda: self.store.cat_file(self.path)))

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return the object's text."""
        return self.read_bytes().decode(encoding)

    def open(self) -> IO[bytes]:
        """Return the object, open for reading at any place."""
        opened: IO[bytes] = self._ask(lambda: self.store.open(self.path, "rb"))
        return opened

    def stat(self) -> Stat:
        """Return the object's size and age."""
        return self._ask(self._stat)

    def iterdir(self) -> Iterator["ObjectPlace"]:
        """Yield what is right below."""
        try:
            entries = self._ask(lambda: self.store.ls(self.path, detail=True, refresh=True))
        except FileNotFoundError:
            entries = []
        yield from (self._below(entry) for entry in entries if entry["name"].rstrip("/") != self.path)

    def glob(self, pattern: str) -> Iterator["ObjectPlace"]:
        """Yield the objects whose names, below this place, fit a pattern: `*` stays within a folder."""
        folder, _, names = pattern.rpartition("/")
        place = self / folder if folder else self
        yield from (each for each in place.iterdir() if fnmatch(each.name, names))

    def rglob(self, pattern: str) -> Iterator["ObjectPlace"]:
        """Yield the objects at any depth whose names fit a pattern."""
        found = self._ask(lambda: self.store.find(self.path, detail=True))
        places = (self._below(entry) for entry in found.values())
        yield from (place for place in places if fnmatch(place.name, pattern))

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the object."""
        try:
            self._ask(lambda: self.store.rm_file(self.path))
        except FileNotFoundError:
            if not missing_ok:
                raise

    def get(self, file: Path) -> None:
        """Copy the object to a local file."""
        self._ask(lambda: self.store.get_file(self.path, str(file)))

    def put(self, file: Path) -> None:
        """Make the object of a local file. It appears whole, in place of an earlier one."""
        self._ask(lambda: self.store.put_file(str(file), self.path), writing=True)

    def write_bytes(self, content: bytes) -> None:
        """Make the object of bytes."""
        self._ask(lambda: self.store.pipe_file(self.path, content), writing=True)

    def create(self, content: bytes) -> bool:
        """Make the object unless there is one, and return whether it is this one: one alone of many succeeds.

        Where the store's answer was lost, what stands there tells. So no two may bring the same content.
        """
        if self._ask(lambda: self._created(content), writing=True):
            return True
        try:
            return self.read_bytes() == content
        except FileNotFoundError:
            return False

    def _created(self, content: bytes) -> bool:
        try:
            self.store.pipe_file(self.path, content, mode="create")
        except FileExistsError:
            return False
        except OSError as error:
            if "PreconditionFailed" in str(error) or "pre-conditions" in str(error):
                return False
            raise
        return True

    def _stat(self) -> Stat:
        facts = self.listed or self.store.info(self.path)
        written = facts.get("LastModified") or facts.get("last_modified") or facts.get("created")
        if not isinstance(written, datetime):
            written = self.store.modified(self.path)
        return Stat(facts["size"] or 0, int(written.timestamp() * 1e9))

    def _ask(self, work: Callable[[], T], *, writing: bool = False) -> T:
        return patiently(work, self.patience_s, writing=writing)

    def _below(self, entry: Mapping[str, Any]) -> "ObjectPlace":
        return replace(self, path=entry["name"].rstrip("/"), listed=entry)


Place: TypeAlias = Path | ObjectPlace


def place_of(address: "str | Path | ObjectPlace") -> Place:
    """Return the place that a path or an address names.

    Raises:
        SettingsError: a package for such addresses is missing, or nobody knows them.
    """
    if isinstance(address, ObjectPlace):
        return address
    found = _ADDRESS.fullmatch(str(address))
    if found is None:
        return Path(address)
    if found[1] == "file":
        return Path(f"/{found[2]}")
    whole = f"{found[1]}://{found[2].rstrip('/')}"
    try:
        import fsspec

        store, path = fsspec.core.url_to_fs(whole, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        problem = f"{whole}: {error}; install what it takes with: pip install 'tunesmith[cloud]'"
        raise SettingsError("out", problem) from error
    _close_at_exit(store)
    return ObjectPlace(found[1], path.rstrip("/"), store)


@cache
def _close_at_exit(store: "AbstractFileSystem") -> None:
    atexit.register(_close, store)


def _close(store: "AbstractFileSystem") -> None:
    """Close a store's connections. s3fs gives itself a tenth of a second for it when a process ends.

    On a busy machine that leaves sessions open, which complain of it on standard error.
    """
    client = getattr(store, "_s3creator", None)
    if client is not None:
        from fsspec.asyn import sync

        with suppress(TimeoutError):
            sync(store.loop, client.__aexit__, None, None, None, timeout=_CLOSE_S)


def patient(place: Place) -> Place:
    """Return the place for who has begun to work there: a store that is away is waited for."""
    return place if isinstance(place, Path) else replace(place, patience_s=PATIENCE_S)


def scratch_of(place: Place) -> Path:
    """Return the folder of this machine for what cannot stand in an object store: of a path, itself."""
    if isinstance(place, Path):
        return place
    digest = hashlib.sha256(str(place).encode()).hexdigest()[:16]
    return user_cache() / "runs" / f"{place.name}-{digest}"
