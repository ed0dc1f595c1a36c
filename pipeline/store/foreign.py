"""Parquet files that others wrote: their rows as plain values."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_BATCH_ROWS = 512


def foreign_rows(path: Path) -> Iterator[dict[str, object]]:
    """Yield the rows of a Parquet file, columns by name, a batch in memory at a time.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is no Parquet file, or holds what cannot be read.
    """
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH_ROWS):
                yield from batch.to_pylist()
    except pa.ArrowException as error:
        raise ValueError((str(error).splitlines() or [type(error).__name__])[0]) from error
