"""Files, folders and globs."""

import glob
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from parsers.sources.found import Found, Loaded, too_large
from parsers.sources.junk import is_junk
from schemas.errors import SourceNotFound, UnreadableDocument


def find_files(uri: str) -> Iterator[Found]:
    """Yield the files that a path or glob names, those of a folder sorted by name, at any depth.

    Raises:
        SourceNotFound: nothing is there.
    """
    path = Path(uri).expanduser()
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists():
        yield _found(path)
    elif glob.has_magic(uri):
        for match in _matches(path):
            yield _found(match)
    else:
        raise SourceNotFound(uri, "no such file or folder")


def _matches(pattern: Path) -> Iterator[Path]:
    for name in sorted(glob.iglob(str(pattern), recursive=True)):  # noqa: PTH207  # a pattern may start anywhere
        if not is_junk(os.path.basename(name)) and os.path.isfile(name):  # noqa: PTH113, PTH119  # 10,000s
            yield Path(name)


def _in_folder(folder: Path) -> Iterator[Found]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = folder / entry.name
        if is_junk(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if not _is_run(path):
                yield from _in_folder(path)
        elif entry.is_file():
            yield _found(path)


def _is_run(folder: Path) -> bool:
    """Whether a folder is a run's output, which is no input."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "layout" in manifest


def _found(path: Path) -> Found:
    return Found(str(path), partial(_load, path), lambda: path.open("rb"))


def _load(path: Path, max_bytes: int) -> Loaded:
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1) if os.fstat(file.fileno()).st_size <= max_bytes else None
    except OSError as error:
        raise UnreadableDocument(str(path), "unreadable_file", error.strerror or str(error)) from error
    if content is None or len(content) > max_bytes:
        raise too_large(str(path), max_bytes)
    return Loaded(content)
