"""One split's rows in files of bounded size, Parquet or JSON lines."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import orjson

from schemas.manifest import DatasetFile
from schemas.samples import Split
from schemas.text import whole_text

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 1024
ROW_GROUP_BYTES = 32 * 2**20

RowMap = Mapping[str, object]
Compression = Literal["none", "gzip", "zstd"]
ENDINGS: dict[Compression, str] = {"none": "jsonl", "gzip": "jsonl.gz", "zstd": "jsonl.zst"}


class Sink(Protocol):
    """An open file that takes rows. `ending` is its name's, without the dot."""

    size_bytes: int

    def add(self, rows: list[RowMap]) -> None:
        """Take a batch of rows."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class ParquetSink:
    """A zstd Parquet file whose row groups are of a size that streams well."""

    def __init__(self, path: Path, schema: "pa.Schema") -> None:
        import pyarrow.parquet as pq

        self.size_bytes = 0
        self._schema = schema
        self._file = path.open("wb")
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd")
        self._gathered: list[pa.RecordBatch] = []
        self._gathered_bytes = 0

    def add(self, rows: list[RowMap]) -> None:
        """Take a batch of rows."""
        import pyarrow as pa

        try:
            batch = pa.RecordBatch.from_pylist(rows, schema=self._schema)
        except UnicodeEncodeError:
            batch = pa.RecordBatch.from_pylist([_whole(row) for row in rows], schema=self._schema)
        self._gathered.append(batch)
        self._gathered_bytes += batch.nbytes
        if self._gathered_bytes >= ROW_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Finish the file."""
        with closing(self._file), closing(self._writer):
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        if gathered:  # no longer held, so that closing after a full disk does not write them again
            self._writer.write_table(pa.Table.from_batches(gathered))
            self.size_bytes = self._file.tell()


class JsonLinesSink:
    """A file with one JSON object per line. Its size is counted before compression."""

    def __init__(self, path: Path, compression: Compression) -> None:
        import pyarrow as pa

        self.size_bytes = 0
        self._file = pa.output_stream(str(path), None if compression == "none" else compression)

    def add(self, rows: list[RowMap]) -> None:
        """Take a batch of rows."""
        text = b"".join(json_line(row) for row in rows)
        self._file.write(text)
        self.size_bytes += len(text)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def json_line(row: RowMap) -> bytes:
    """Return a row as a line of JSON."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # what orjson raises for a lone surrogate
        return orjson.dumps(_whole(row), option=orjson.OPT_APPEND_NEWLINE)


class SplitFiles:
    """The files of one split, as many as their size asks for. `ending` is that of their names."""

    def __init__(
        self, folder: Path, split: Split, ending: str, open_sink: Callable[[Path], Sink], max_shard_bytes: int
    ) -> None:
        self._folder, self._split, self._ending = folder, split, ending
        self._open_sink, self._max_shard_bytes = open_sink, max_shard_bytes
        self._sink: Sink | None = None
        self._batch: list[RowMap] = []
        self._counts: list[int] = []

    def add(self, row: RowMap) -> None:
        """Take one row."""
        self._batch.append(row)
        if len(self._batch) >= BATCH_ROWS:
            self._flush()

    def close(self) -> None:
        """Let go of the file that is open."""
        if self._sink:
            self._sink.close()
        self._sink = None

    def finish(self) -> list[DatasetFile]:
        """Write what is left, give the files their names, and return them; none where there were no rows."""
        if self._batch:
            self._flush()
        self.close()
        return [self._named(number, rows) for number, rows in enumerate(self._counts)]

    def _flush(self) -> None:
        if self._sink is None:
            self._sink = self._open_sink(self._path(len(self._counts)))
            self._counts.append(0)
        self._sink.add(self._batch)
        self._counts[-1] += len(self._batch)
        self._batch = []
        if self._sink.size_bytes >= self._max_shard_bytes:
            self.close()

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._split}-{number:05d}"

    def _named(self, number: int, rows: int) -> DatasetFile:
        path = self._path(number)
        path = path.rename(path.with_name(f"{path.name}-of-{len(self._counts):05d}.{self._ending}"))
        size_bytes, digest = path.stat().st_size, sha256_of(path)
        return DatasetFile(
            path=path.name, split=self._split.value, rows=rows, bytes=size_bytes, sha256=digest
        )


def sha256_of(path: Path) -> str:
    """Return a file's checksum in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(value: object) -> object:
    """Return a row in which U+FFFD stands for each lone surrogate."""
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value
