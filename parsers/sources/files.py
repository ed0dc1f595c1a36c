"""Files, folders and globs."""

import glob
import json
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from parsers.sources.found import Found, Loaded, broken, too_large
from parsers.sources.junk import is_junk
from schemas.errors import SourceNotFound, UnreadableDocument

_STRAY_BYTE = re.compile("[\udc80-\udcff]")  # as Python marks them (PEP 383)

_SAVED = re.compile(r"(?P<page>.+)(?:_files|-Dateien|_fichiers|_archivos|_arquivos|_bestanden|\.files)")


def find_files(uri: str) -> Iterator[Found]:
    """Yield the files that a path or glob names, those of a folder sorted by name, at any depth.

    Raises:
        SourceNotFound: nothing is there.
    """
    _expect_path(uri)
    path = Path(uri).expanduser()
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists():
        yield _found(path)
    else:
        for match in _matches(path):
            yield _found(match)


def expect_files(uri: str) -> None:
    """Refuse a path, folder or glob that leads to no file.

    Raises:
        SourceNotFound: it does.
    """
    if next(find_files(uri), None) is None:
        raise SourceNotFound(uri, "holds no file")


def _expect_path(uri: str) -> None:
    """Refuse a path that leads nowhere. What a pattern leads to shows only when it is followed."""
    if not glob.has_magic(uri) and not Path(uri).expanduser().exists():
        raise SourceNotFound(uri, "no such file or folder")


def _matches(pattern: Path) -> Iterator[Path]:
    for name in sorted(glob.iglob(str(pattern), recursive=True)):  # noqa: PTH207  # a pattern may start anywhere
        if not is_junk(os.path.basename(name)) and os.path.isfile(name):  # noqa: PTH113, PTH119  # 10,000s
            yield Path(name)


def _in_folder(folder: Path) -> Iterator[Found]:
    """Yield what a folder holds: what is no file, or closed to us, ends with a reason and not in silence."""
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield broken(_uri(folder), "unreadable_folder", error.strerror or str(error))
        return
    names = {entry.name for entry in ordered}
    for entry in ordered:
        if is_junk(entry.name):
            continue
        path = folder / entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield _found(path) if _is_file(entry) else broken(_uri(path), "no_file", _what(entry))
        elif page := _page_of(entry.name, names):
            yield broken(_uri(path), "part_of_page", f"what a browser saved beside {page}")
        elif not _is_run(path):
            yield from _in_folder(path)


def _page_of(folder: str, names: set[str]) -> str:
    """Return the page beside a folder that holds its pictures, styles and frames, as browsers save them."""
    saved = _SAVED.fullmatch(folder)
    pages = (f"{saved['page']}.{suffix}" for suffix in ("html", "htm")) if saved else ()
    return next((page for page in pages if page in names), "")


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself, or into a folder that is closed to us
        return False


def _what(entry: os.DirEntry[str]) -> str:
    if not entry.is_symlink():
        return "it is neither a file nor a folder"
    if os.path.isdir(entry.path):  # noqa: PTH112  # a Path would raise for a link to itself
        return "a link to a folder, which is not followed; name that folder itself"
    return "a link that leads to no file"


def _is_run(folder: Path) -> bool:
    """Whether a folder is a run's output, which is no input."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "layout" in manifest


def _found(path: Path) -> Found:
    return Found(_uri(path), partial(_load, path), lambda: path.open("rb"), path.stat)


def _uri(path: Path) -> str:
    """Return a path as text that can be stored: bytes of a name that are no UTF-8 as %FF."""
    return _STRAY_BYTE.sub(lambda stray: f"%{ord(stray[0]) - 0xDC00:02X}", str(path))


def _load(path: Path, max_bytes: int) -> Loaded:
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1) if os.fstat(file.fileno()).st_size <= max_bytes else None
    except OSError as error:
        raise UnreadableDocument(_uri(path), "unreadable_file", error.strerror or str(error)) from error
    if content is None or len(content) > max_bytes:
        raise too_large(_uri(path), max_bytes)
    return Loaded(content)
