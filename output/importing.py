"""Datasets of other tools and people, read as samples."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

import orjson

from output.hub import fetched, is_hub_address
from output.images import with_images
from output.provenance import SourceFacts, read_source, read_verdicts
from output.reading import text_in
from schemas.contracts import FormatReader
from schemas.errors import SettingsError, SourceNotFound, UnknownName, UnreadableRow
from schemas.registry import formats
from schemas.samples import Judged, Split

_LINES = tuple(f"{name}{packed}" for name in (".jsonl", ".ndjson") for packed in ("", ".gz", ".zst"))
_WHOLE = (".json", ".json.gz", ".json.zst")
SUFFIXES = (".parquet", *_LINES, *_WHOLE)
_SPLITS = {"train": Split.TRAIN, "validation": Split.VALIDATION, "valid": Split.VALIDATION}
_SPLITS |= {"val": Split.VALIDATION, "dev": Split.VALIDATION, "test": Split.TEST}
# Keys under which programs keep a list of rows in one JSON object; the first is synthetic-data-kit's.
_LISTS = ("qa_pairs", "conversations", "data", "rows", "examples")
# JSON that stands beside the rows.
_BESIDE = ("dataset_info.json", "croissant.json")
# A file that starts with so many lines that are no JSON is no file of rows.
_MAX_BAD_LINES = 100
# The narrower first: a raw row has messages too, and a LLaMA-Factory row is a ShareGPT row.
_ORDER = ("raw", "preference", "messages", "unsloth", "sharegpt", "prompt_completion", "alpaca", "text")


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row: a sample, with what an earlier run of ours said of it, or the problem why it is none.

    `place` names its file and its number there, from 1; `columns` are those that it has in a file of others.
    """

    place: str
    split: Split
    judged: Judged | None
    cluster: str = ""
    source: SourceFacts | None = None
    problem: str = ""
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no JSON, and what is wrong with it."""

    problem: str


def import_dataset(address: str, format_name: str | None = None) -> Iterator[ImportedRow]:
    """Yield the rows of a file or a folder of files, in their order, none left out.

    The format is known by the first row of each file where it is not given.

    Raises:
        SourceNotFound: there is no such file, or none with a suffix that is read.
        SettingsError: no format recognises a file's first row.
    """
    for path in dataset_files(address):
        rows = rows_in(path)
        head = _head(rows, path)
        if head:
            reader = _reader(format_name, head[-1], path)
            yield from _imported(chain(head, rows), reader, path)


def _head(rows: Iterator[object], path: Path) -> list[object]:
    """Return a file's rows up to the first that is one."""
    head: list[object] = []
    for row in rows:
        head.append(row)
        if not isinstance(row, BadLine):
            return head
        if len(head) == _MAX_BAD_LINES:
            break
    if isinstance(row := head[-1] if head else None, BadLine):
        raise SourceNotFound(str(path), f"is damaged: {row.problem}")
    return head


def dataset_files(address: str) -> list[Path]:
    """Return the files of a dataset, sorted; those of a hub dataset are fetched.

    Raises:
        SourceNotFound: there are none.
    """
    path = fetched(address, SUFFIXES) if is_hub_address(address) else Path(address)
    if not path.exists():
        hint = "; datasets of the hub are named as in hf://datasets/owner/name"
        raise SourceNotFound(str(path), f"there is no such file or folder{hint}")
    found = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    files = [each for each in found if each.name.endswith(SUFFIXES) and each.name not in _BESIDE]
    if not files:
        raise SourceNotFound(str(path), f"holds no dataset; read are {', '.join(SUFFIXES)}")
    return files


def rows_in(path: Path) -> Iterator[object]:
    """Yield the rows of one file as they stand there, and a `BadLine` for each line that is no JSON.

    Raises:
        SourceNotFound: the file is damaged; says where.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(256):
                    yield from batch.to_pylist()
        elif path.name.endswith(_WHOLE):
            with _opened(path) as whole:
                yield from _rows_of(orjson.loads(whole.read()))
        else:
            with _opened(path) as lines:
                yield from (_row_of(line) for line in lines if line.strip())
    except (orjson.JSONDecodeError, pa.ArrowException, OSError, EOFError) as error:
        raise SourceNotFound(str(path), f"is damaged: {str(error).splitlines()[0]}") from error


def split_of(path: Path) -> Split:
    """Return the split that a file's name tells, train where it tells none."""
    word = path.name.replace(".", "-").replace("_", "-").partition("-")[0]
    return _SPLITS.get(word.lower(), Split.TRAIN)


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".zst":
        import pyarrow as pa

        return pa.input_stream(str(path), compression="zstd")  # type: ignore[no-any-return]  # untyped
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # reads alike


def _row_of(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return BadLine(f"is no JSON ({error.msg})")


def _rows_of(value: object) -> Iterator[object]:
    """Yield the rows of one JSON value: a list, an object that holds one, or an object that is a row."""
    if isinstance(value, list):
        yield from ({"conversations": row} if isinstance(row, list) else row for row in value)
    elif isinstance(value, dict):
        name = next((key for key in _LISTS if _holds_rows(value.get(key))), None)
        yield from (_rows_of(value[name]) if name else [value])


def _holds_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and not _is_turn(value[0])


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and bool({"from", "role"} & value.keys())


def _reader(format_name: str | None, row: object, path: Path) -> FormatReader:
    if format_name is not None:
        reader = formats.get(format_name).reader
        if reader is None:
            raise UnknownName("readable format", format_name, _readable())
        return reader
    columns = _usual(row) if isinstance(row, Mapping) else {}
    others = [name for name in _readable() if name not in _ORDER]
    for name in (*_ORDER, *others):
        reader = formats.get(name).reader
        if reader is not None and reader.recognises(columns):
            return reader
    problem = f"no format has the columns of {path}: {', '.join(columns) or 'none'}"
    raise SettingsError("format", f"{problem}; name one of {', '.join(_readable())}")


def _readable() -> list[str]:
    return [name for name, entry in formats.items() if entry.reader is not None]


def _usual(row: Mapping[str, object]) -> Mapping[str, object]:
    """Return a row of a bare question and answer in the columns of a prompt and its completion."""
    if "question" in row and "answer" in row and not {"messages", "conversations", "prompt"} & row.keys():
        return {"prompt": row["question"], "completion": row["answer"], **row}
    return row


def _imported(rows: Iterator[object], reader: FormatReader, path: Path) -> Iterator[ImportedRow]:
    split = split_of(path)
    for number, row in enumerate(rows, start=1):
        place = f"{path}:{number}"
        if isinstance(row, BadLine):
            yield ImportedRow(place, split, None, problem=row.problem)
            continue
        if not isinstance(row, Mapping):
            yield ImportedRow(place, split, None, problem="is not an object")
            continue
        try:
            judged = Judged(reader.sample(with_images(_usual(row), path.parent)), read_verdicts(row))
            cluster, columns = text_in(row, "cluster"), frozenset(row)
            yield ImportedRow(place, split, judged, cluster, read_source(row), columns=columns)
        except UnreadableRow as error:
            yield ImportedRow(place, split, None, problem=error.problem)
        except KeyError as error:
            yield ImportedRow(place, split, None, problem=f"has no {error}")
        except (TypeError, ValueError, AttributeError) as error:  # rows of others may be of any shape
            yield ImportedRow(place, split, None, problem=f"is not of the format's types ({error})")
