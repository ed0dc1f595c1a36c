"""Folders of an object store on this machine, for what reads and writes files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.places import ObjectPlace, Place, place_of
from schemas.errors import RunFolderError

_EVERYTHING = ("**",)


@contextmanager
def local_copy(address: str | Place, patterns: Sequence[str] = _EVERYTHING) -> Iterator[Path]:
    """Give what is at an address as a path: itself, or a copy that goes when the block ends.

    Of an object store, only what fits one of `patterns` is copied; all by default.

    Raises:
        RunFolderError: nothing is there, or the store does not give it.
        SettingsError: a package for the address is missing.
    """
    place = place_of(address)
    if isinstance(place, Path):
        yield place
        return
    with TemporaryDirectory(prefix="tunesmith-") as folder:
        copy = Path(folder) / place.name
        try:
            _fetch(place, copy, patterns)
        except OSError as error:
            raise RunFolderError(str(place), f"cannot be read ({error.strerror})") from error
        yield copy


@contextmanager
def written_folder(place: Place, last: str) -> Iterator[Path]:
    """Give the path at which a folder is to be written that shall stand at `place`.

    In an object store it is copied there when the block ends well, the file `last` after all others. While
    that lasts there is no such file, so that half a folder is known by it.

    Raises:
        RunFolderError: the store refuses.
    """
    if isinstance(place, Path):
        yield place
        return
    with TemporaryDirectory(prefix="tunesmith-") as folder:
        written = Path(folder) / place.name
        yield written
        try:
            _send(written, place, last)
        except OSError as error:
            problem = f"cannot be written ({error.strerror}); run the same command again"
            raise RunFolderError(str(place), problem) from error


def _fetch(place: ObjectPlace, copy: Path, patterns: Sequence[str]) -> None:
    if place.is_file():
        copy.write_bytes(place.read_bytes())
        return
    if not place.is_dir():
        raise RunFolderError(str(place), "there is nothing")
    copy.mkdir()
    for each in place.rglob("*") if patterns is _EVERYTHING else _fitting(place, patterns):
        target = copy / each.path.removeprefix(f"{place.path}/")
        target.parent.mkdir(parents=True, exist_ok=True)
        each.get(target)


def _fitting(place: ObjectPlace, patterns: Sequence[str]) -> Iterator[ObjectPlace]:
    for pattern in patterns:
        yield from place.glob(pattern)


def _send(folder: Path, place: ObjectPlace, last: str) -> None:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    earlier = [each for each in place.rglob("*") if each.path.removeprefix(f"{place.path}/") not in files]
    (place / last).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: (name == last, name)):
        if name == last:
            for each in earlier:
                each.unlink(missing_ok=True)
        (place / name).put(files[name])
