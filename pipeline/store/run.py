"""A run is a folder or an object store's prefix, and this is the way in.

manifest.json             settings, versions, ledger, usage, files
sources.parquet           how each source ended
documents/*.parquet       parsed documents
replies/                  the journal of every paid reply
candidates/*.parquet      what generation made, without verdicts
samples/*.parquet         all candidates with their verdicts, dropped ones too
selection.parquet         which samples went into the dataset
reviews.parquet           what people decided of single samples
splits.parquet            the split that each document keeps for good
packs.parquet             which documents are shown together
dataset/                  the dataset itself
work/                     what several processes that make the run together tell each other; gone at its end
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from pipeline.faults import StoreFault
from pipeline.places import ObjectPlace, Place, patient, place_of, scratch_of
from pipeline.store.documents import DocumentStore
from pipeline.store.lease import leased
from pipeline.store.rows import RowFile, SelectionRow, SourceRow
from pipeline.store.samples import SampleStore
from pipeline.store.whole_files import remove_parts, whole_file
from schemas.errors import RunFolderError, RunLocked
from schemas.manifest import LAYOUT, Manifest
from schemas.reviews import Review

MARK = ".tunesmith"
LOCK = ".tunesmith.lock"


class Run:
    """The stores of one run. Made by `open_run` and `read_run`.

    `scratch` is a folder of this machine: the run's own, or one that stands in for an object store's prefix.
    """

    def __init__(self, folder: Place, check: Callable[[], None] = lambda: None) -> None:
        self.folder = folder = patient(folder)
        self.scratch = scratch_of(folder)
        self._check = check
        self.replies = folder / "replies"
        self.work = folder / "work"
        self.dataset = folder / "dataset"
        self.documents = DocumentStore(folder / "documents")
        self.candidates = SampleStore(folder / "candidates")
        self.samples = SampleStore(folder / "samples")
        self.sources = RowFile(folder / "sources.parquet", SourceRow)
        self.selection = RowFile(folder / "selection.parquet", SelectionRow)
        self.reviews = RowFile(folder / "reviews.parquet", Review)
        self._manifest = folder / "manifest.json"

    def manifest(self) -> Manifest | None:
        """Return what the run says of itself, None before the first save.

        Raises:
            RunFolderError: the manifest cannot be read.
        """
        try:
            if not self._manifest.exists():
                return None
            return Manifest.model_validate_json(self._manifest.read_bytes())
        except StoreFault as error:
            raise RunFolderError(str(self._manifest), f"cannot be read ({error.strerror})") from error
        except (OSError, ValidationError) as error:
            problem = "cannot be read as a manifest; delete it and run the same command again"
            raise RunFolderError(str(self._manifest), problem) from error

    def save_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest.

        Raises:
            RunFolderError: it cannot be written, or another run took the object store's prefix over.
        """
        self._check()
        with whole_file(self._manifest) as aside:
            aside.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


@contextmanager
def open_run(address: str | Path | ObjectPlace) -> Iterator[Run]:
    """Give the run at a path or an object store's address, made where there is none.

    Others are kept out until the block ends.

    Raises:
        RunLocked: another process works on it.
        RunFolderError: it cannot be written, holds something else, or was laid out by a newer version.
        SettingsError: a package for the address is missing.
    """
    folder = place_of(address)
    with ExitStack() as stack:
        try:
            _refuse_strangers(folder)
            check = stack.enter_context(_kept_to_one(folder))
            _mark(folder)
        except OSError as error:
            problem = f"cannot be written ({error.strerror}); choose another --out"
            raise RunFolderError(str(folder), problem) from error
        yield Run(folder, check)


@contextmanager
def _kept_to_one(folder: Place) -> Iterator[Callable[[], None]]:
    """Keep other runs out until the block ends, and give what raises where they did not stay out."""
    if isinstance(folder, ObjectPlace):
        with leased(folder) as lease:
            yield lease.check
        return
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunLocked(str(folder)) from error
    try:
        remove_parts(folder)
        yield lambda: None
    finally:
        lock.release()


def read_run(address: str | Path | ObjectPlace) -> Run:
    """Return the run at a path or an object store's address for reading, without a lock.

    Raises:
        RunFolderError: there is none, it cannot be read, or it was laid out by a newer version.
        SettingsError: a package for the address is missing.
    """
    folder = place_of(address)
    try:
        if not (folder / MARK).is_file():
            raise RunFolderError(
                str(folder), "is no run folder; give one that --out named, or make one: tunesmith build"
            )
        _refuse_newer(folder)
    except OSError as error:
        raise RunFolderError(str(folder), f"cannot be read ({error.strerror})") from error
    return Run(folder)


def dataset_in(address: str | Path | ObjectPlace) -> Place:
    """Return the place of the dataset that an address names: a run's own, or the address itself.

    Raises:
        SettingsError: a package for the address is missing.
    """
    place = place_of(address)
    return place / "dataset" if (place / MARK).is_file() else place


def _refuse_strangers(folder: Place) -> None:
    """Raise unless `folder` is a run, empty, or not there yet."""
    if (folder / MARK).is_file():
        _refuse_newer(folder)
        return
    if folder.is_dir() and any(MARK not in entry.name for entry in folder.iterdir()):
        raise RunFolderError(str(folder), "holds other files and is no run; choose another --out")


def _refuse_newer(folder: Place) -> None:
    mark = (folder / MARK).read_text(encoding="utf-8").strip()
    if not mark.isdigit() or int(mark) > LAYOUT:
        problem = (
            f"has layout '{mark}', and this version of tunesmith knows {LAYOUT} at most; update tunesmith"
        )
        raise RunFolderError(str(folder), problem)


def _mark(folder: Place) -> None:
    if not (folder / MARK).is_file():
        with whole_file(folder / MARK) as aside:
            aside.write_text(f"{LAYOUT}\n", encoding="utf-8")
