"""Object stores through fsspec: `s3://bucket/folder/`, `gs://...`, `az://...`, globs too."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

from parsers.sources.found import Found, Loaded, too_large
from parsers.sources.junk import is_junk
from schemas.errors import SourceNotFound, UnreadableDocument

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SCHEMES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "hdfs", "oci"})
_FAULTS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("azure.core.exceptions", "AzureError"),
)
_INSTALL = "pip install 'tunesmith[cloud]'"


def find_objects(uri: str) -> Iterator[Found]:
    """Yield the objects that an address, a prefix or a glob names, sorted by name.

    Raises:
        SourceNotFound: nothing is there, it cannot be reached, or a package is missing.
    """
    scheme = uri.partition("://")[0]
    try:
        import fsspec

        store, path = fsspec.core.url_to_fs(uri)
        names = _names(store, path)
    except ImportError as error:
        raise SourceNotFound(uri, f"reading {scheme}:// needs more packages: {_INSTALL}") from error
    except FileNotFoundError as error:
        raise SourceNotFound(uri, "no such object or folder") from error
    except _faults() as error:
        told = " ".join(str(error).split()) or type(error).__name__
        raise SourceNotFound(uri, f"cannot be reached: {told}") from error
    if not names and not _is_pattern(uri):
        raise SourceNotFound(uri, "no such object or folder")
    for name in names:
        if not any(is_junk(part) for part in name.removeprefix(path).split("/")):
            address = f"{scheme}://{name}"
            yield Found(address, partial(_load, store, name, address))


def _names(store: "AbstractFileSystem", path: str) -> list[str]:
    if _is_pattern(path):
        found = [name for name in store.glob(path) if store.isfile(name)]
    elif store.isfile(path):
        found = [path]
    else:
        found = store.find(path)
    return sorted(found)


def _is_pattern(path: str) -> bool:
    return "*" in path or "?" in path


@lru_cache(maxsize=1)
def _faults() -> tuple[type[Exception], ...]:
    """Return what stores raise: errors of files, and their libraries' own, as for missing credentials."""
    found: list[type[Exception]] = [OSError, ValueError]
    for module, name in _FAULTS:
        with suppress(ImportError):
            found.append(getattr(import_module(module), name))
    return tuple(found)


def _load(store: "AbstractFileSystem", name: str, uri: str, max_bytes: int) -> Loaded:
    try:
        if (store.size(name) or 0) > max_bytes:
            raise too_large(uri, max_bytes)
        return Loaded(store.cat_file(name))
    except _faults() as error:
        raise UnreadableDocument(uri, "fetch_failed", " ".join(str(error).split())) from error
