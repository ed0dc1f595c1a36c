"""Object stores through fsspec: `s3://bucket/folder/`, `gs://...`, `az://...`, globs too."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from parsers.sources.found import Found, Loaded, too_large
from parsers.sources.junk import is_junk
from schemas.errors import SourceNotFound, UnreadableDocument

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SCHEMES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "hdfs", "oci"})
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
    except (OSError, ValueError) as error:
        raise SourceNotFound(uri, f"cannot be reached: {error}") from error
    for name in names:
        if not any(is_junk(part) for part in name.removeprefix(path).split("/")):
            address = f"{scheme}://{name}"
            yield Found(address, partial(_load, store, name, address))


def _names(store: "AbstractFileSystem", path: str) -> list[str]:
    if "*" in path or "?" in path:
        found = [name for name in store.glob(path) if store.isfile(name)]
    elif store.isfile(path):
        found = [path]
    else:
        found = store.find(path)
    return sorted(found)


def _load(store: "AbstractFileSystem", name: str, uri: str, max_bytes: int) -> Loaded:
    try:
        if (store.size(name) or 0) > max_bytes:
            raise too_large(uri, max_bytes)
        return Loaded(store.cat_file(name))
    except OSError as error:
        raise UnreadableDocument(uri, "fetch_failed", str(error)) from error
