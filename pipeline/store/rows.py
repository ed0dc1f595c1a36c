"""Small tables that are written whole at the end of a stage: the sources, and the selection."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.places import Place
from pipeline.store.tables import Table
from schemas.ledger import End
from schemas.samples import Split

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How one source ended. `document_id` is None where no document came of it."""

    uri: str
    sha256: str
    media_type: str
    size_bytes: int
    document_id: str | None
    end: End
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """How one sample that passed the filters ended. `split` and `cluster` are set when it was kept."""

    sample_id: str
    end: End
    reason: str = ""
    split: Split | None = None
    cluster: str = ""


class RowFile(Generic[T]):
    """One file of rows, replaced whole."""

    def __init__(self, path: Place, cls: type[T]) -> None:
        self._path, self._table = path, Table(cls, batch_rows=4096)

    def exists(self) -> bool:
        """Whether it was ever written."""
        return self._path.exists()

    def read(self) -> list[T]:
        """Return all rows in their order, none where nothing was written yet.

        Raises:
            RunFolderError: the file is damaged.
        """
        return list(self._table.read(self._path)) if self.exists() else []

    def write(self, rows: Iterable[T]) -> None:
        """Replace the file.

        Raises:
            RunFolderError: it cannot be written.
        """
        self._table.write(self._path, rows)
