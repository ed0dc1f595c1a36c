"""Parquet files of one dataclass: a column per field, and columns derived for those who query the files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.faults import StoreFault, store_faults
from pipeline.places import Place
from pipeline.store.columns import Codec, Shape, codec_of, shape_of
from pipeline.store.whole_files import whole_file
from schemas.errors import RunFolderError

T = TypeVar("T")

ROW_GROUP_BYTES = 16 * 2**20
ROW_GROUP_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Derived(Generic[T]):
    """A column computed from the row. It is written for queries, and never read back."""

    annotation: type
    compute: Callable[[T], object]


class Table(Generic[T]):
    """How rows of the dataclass `cls` stand in a Parquet file.

    The fields of `cls` are columns; those of the field named `spread` are columns of their own. `batch_rows`
    are encoded together: few where rows are large.
    """

    def __init__(
        self,
        cls: type[T],
        spread: str = "",
        derived: Mapping[str, Derived[T]] = {},  # never changed
        batch_rows: int = 256,
    ) -> None:
        self._shape, self._derived, self._batch_rows = shape_of(cls), derived, batch_rows
        self._spread = spread
        self._inner = self._shape.codecs.get(spread)
        self.schema = pa.schema([*self._derived_columns(), *self._stored_columns()])

    def write(self, path: Place, rows: Iterable[T]) -> int:
        """Write all rows to a file that appears whole, and return how many there were.

        Raises:
            RunFolderError: the file cannot be written.
        """
        with whole_file(path) as aside:
            return self.fill(aside, rows)

    def fill(self, path: Path, rows: Iterable[T]) -> int:
        """Write all rows to `path` as they come, and return how many there were."""
        count = 0
        with pq.ParquetWriter(path, self.schema, compression="zstd") as writer:
            for group in _row_groups(self._batches(rows)):
                writer.write_table(group)
                count += group.num_rows
        return count

    def read(self, path: Place) -> Iterator[T]:
        """Yield the rows in their order, a batch in memory at a time.

        Raises:
            RunFolderError: the file is gone, damaged, or of another shape.
        """
        with opened(path) as file:
            for batch in file.iter_batches(self._batch_rows):
                yield from self.decode(batch)

    def decode(self, batch: pa.RecordBatch) -> list[T]:
        """Return the rows of a batch read from such a file."""
        columns = {name: batch.column(name) for name in batch.schema.names}
        if self._inner is not None:
            columns[self._spread] = _struct(self._inner, columns)
        return self._shape.values(columns, [True] * batch.num_rows)

    def _batches(self, rows: Iterable[T]) -> Iterator[pa.RecordBatch]:
        remaining = iter(rows)
        while batch := list(islice(remaining, self._batch_rows)):
            yield self._encode(batch)

    def _encode(self, rows: Sequence[T]) -> pa.RecordBatch:
        derived = [
            codec_of(column.annotation).encode([column.compute(row) for row in rows])
            for column in self._derived.values()
        ]
        stored = self._shape.encode(rows).flatten()
        spread = [
            part
            for name, array in zip(self._shape.codecs, stored, strict=True)
            for part in (array.flatten() if name == self._spread else [array])
        ]
        return pa.RecordBatch.from_arrays([*derived, *spread], schema=self.schema)

    def _derived_columns(self) -> Iterator[pa.Field]:
        for name, column in self._derived.items():
            yield pa.field(name, codec_of(column.annotation).arrow_type)

    def _stored_columns(self) -> Iterator[pa.Field]:
        for field in self._shape.arrow_type:
            yield from field.type if field.name == self._spread else [field]


def _struct(codec: Codec, columns: Mapping[str, pa.Array]) -> pa.StructArray:
    """Return the columns that `codec`'s fields have, as one."""
    assert isinstance(codec, Shape)
    names = [name for name in codec.codecs if name in columns]
    return pa.StructArray.from_arrays([columns[name] for name in names], names=names)


def _row_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Gather batches into row groups of a size that streams well."""
    gathered: list[pa.RecordBatch] = []
    size_bytes = row_count = 0
    for batch in batches:
        gathered.append(batch)
        size_bytes += batch.nbytes
        row_count += batch.num_rows
        if size_bytes >= ROW_GROUP_BYTES or row_count >= ROW_GROUP_ROWS:
            yield pa.Table.from_batches(gathered)
            gathered, size_bytes, row_count = [], 0, 0
    if gathered:
        yield pa.Table.from_batches(gathered)


@contextmanager
def opened(path: Place) -> Iterator[Any]:
    """Give the open `pyarrow.parquet.ParquetFile` at `path`.

    Raises:
        RunFolderError: the file is gone, damaged, or of another shape, or its store does not give it.
    """
    try:
        with store_faults() if not isinstance(path, Path) else nullcontext(), ExitStack() as stack:
            source = path if isinstance(path, Path) else stack.enter_context(path.open())
            yield stack.enter_context(pq.ParquetFile(source))
    except StoreFault as error:
        raise RunFolderError(
            str(path), f"cannot be read ({error.strerror}); see to it, then run the same command again"
        ) from error
    except FileNotFoundError as error:
        raise RunFolderError(str(path), "is gone; run the same command again to make it anew") from error
    except KeyError as error:
        problem = (
            f"has no column {error}: an older version wrote it; delete it and run the same command again"
        )
        raise RunFolderError(str(path), problem) from error
    except (pa.ArrowException, OSError) as error:
        problem = f"is damaged ({_first_line(error)}); delete it and run the same command again"
        raise RunFolderError(str(path), problem) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
