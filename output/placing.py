"""How a finished dataset takes its place, and how one is known again."""

import shutil
from pathlib import Path

from output.files import sha256_of
from schemas.errors import RunFolderError

CHECKSUMS = "SHA256SUMS"


def write_checksums(folder: Path) -> None:
    """Write the checksums of all files of a dataset, as `sha256sum -c` reads them."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = (f"{sha256_of(folder / name)}  {name}\n" for name in names)
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def replace_dataset(folder: Path, complete: Path) -> None:
    """Put the dataset `complete` in the place of the one at `folder`, which may not be there.

    Raises:
        RunFolderError: `folder` holds files that no dataset of ours put there.
    """
    refuse_strangers(folder)
    earlier = _put_back(folder)
    if folder.exists():
        folder.rename(earlier)
    complete.rename(folder)
    shutil.rmtree(earlier, ignore_errors=True)


def _put_back(folder: Path) -> Path:
    """Undo what a kill between two renames left, and return where an earlier dataset may stand aside."""
    earlier = folder.with_name(f".{folder.name}.old")
    if earlier.exists() and not folder.exists():
        earlier.rename(folder)
    shutil.rmtree(earlier, ignore_errors=True)
    return earlier


def refuse_strangers(folder: Path) -> None:
    """Raise where replacing `folder` would lose what is not a dataset's.

    Raises:
        RunFolderError: it holds files that its checksums do not name.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RunFolderError(str(folder), "is a file; choose another place for the dataset")
    known = {*listed_checksums(folder), CHECKSUMS}
    strange = [path for path in folder.rglob("*") if path.is_file() and _name(path, folder) not in known]
    if strange:
        problem = f"holds {_name(strange[0], folder)}, which is no part of a dataset"
        raise RunFolderError(str(folder), f"{problem}; move it away, or choose another place")


def listed_checksums(folder: Path) -> dict[str, str]:
    """Return the checksums that a dataset bears, by file; none where it bears none."""
    checksums = folder / CHECKSUMS
    if not checksums.is_file():
        return {}
    lines = (line.partition("  ") for line in checksums.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, _, name in lines}


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
