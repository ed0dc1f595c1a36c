"""SQL over a run's files, or over a dataset's: DuckDB on the Parquet that is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from schemas.errors import RunFolderError, SettingsError

if TYPE_CHECKING:
    import duckdb

# What each table of a run is made of, in the run's folder.
TABLES = {
    "documents": "documents/*.parquet",
    "candidates": "candidates/*.parquet",
    "samples": "samples/*.parquet",
    "outcomes": "samples/outcomes/*.parquet",
    "sources": "sources.parquet",
    "selection": "selection.parquet",
    "dataset": "dataset/*.parquet",
}
_DATASET = {"dataset": "*.parquet"}
_VERDICTS = "select id as sample_id, unnest(verdicts, recursive := true) from samples"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: its columns' names, and its rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


def query(folder: Path, statement: str) -> Answer:
    """Return the answer to an SQL statement over the tables of a run, or over a dataset's `dataset`.

    The tables are views: nothing of the folder is changed. `verdicts` has a row per verdict.

    Raises:
        RunFolderError: the folder holds no table.
        SettingsError: the statement is wrong, or duckdb is not installed.
    """
    try:
        import duckdb
    except ModuleNotFoundError as error:
        problem = "sql needs duckdb; install it with: pip install 'tunesmith[sql]'"
        raise SettingsError("", problem) from error
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})  # it would use the network
    _make_views(connection, folder)
    try:
        answer = connection.execute(statement)
    except duckdb.Error as error:
        raise SettingsError("sql", str(error).strip()) from error
    return Answer(tuple(column[0] for column in answer.description or ()), iter(answer.fetchone, None))


def answer_lines(answer: Answer, *, as_json: bool = False) -> Iterator[str]:
    """Yield an answer as tab-separated lines under a line of names, or as a JSON object per row."""
    if as_json:
        for row in answer.rows:
            named = dict(zip(answer.columns, row, strict=True))
            yield orjson.dumps(named, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        return
    yield "\t".join(answer.columns)
    for row in answer.rows:
        yield "\t".join(_cell(value) for value in row)


def _cell(value: object) -> str:
    """Return a value in one line, with no tab."""
    text = "" if value is None else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _make_views(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    there = {name: pattern for name, pattern in TABLES.items() if any(folder.glob(pattern))}
    if not there:
        there = {name: pattern for name, pattern in _DATASET.items() if any(folder.glob(pattern))}
    if not there:
        raise RunFolderError(str(folder), "holds no run and no Parquet dataset")
    for name, pattern in there.items():
        files = sorted(str(path) for path in folder.glob(pattern) if not path.name.startswith("."))
        connection.read_parquet(files, union_by_name=True).create_view(name)
    if "samples" in there:
        connection.execute(f"create view verdicts as {_VERDICTS}")
