"""SQL over a run's files, or over a dataset's: DuckDB on the Parquet that is there, and on nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
    "reviews": "reviews.parquet",
    "dataset": "dataset/*.parquet",
}
_DATASET = {"dataset": "*.parquet"}
PATTERNS = (*TABLES.values(), *_DATASET.values())
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
    connection = duckdb.connect()
    _make_views(connection, folder)
    try:
        answer = connection.execute(_only_select(connection, statement))
    except duckdb.Error as error:
        raise SettingsError("sql", _one_line(error)) from error
    return Answer(tuple(column[0] for column in answer.description or ()), _fetched(answer))


def _only_select(connection: "duckdb.DuckDBPyConnection", statement: str) -> "duckdb.Statement":
    """Return the one statement, which must only ask.

    Raises:
        SettingsError: there are several, or none, or it would change something.
    """
    import duckdb

    statements = connection.extract_statements(statement)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise SettingsError("sql", "takes one statement that asks, as in 'select * from dataset'")
    return statements[0]


def _fetched(answer: "duckdb.DuckDBPyConnection") -> Iterator[tuple[object, ...]]:
    import duckdb

    try:
        yield from iter(answer.fetchone, None)
    except duckdb.Error as error:
        raise SettingsError("sql", _one_line(error)) from error


def _one_line(error: Exception) -> str:
    """Return what is wrong, without the statement that DuckDB shows once more."""
    return " ".join(str(error).partition("\nLINE ")[0].split())


def _make_views(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    there = {name: pattern for name, pattern in TABLES.items() if any(folder.glob(pattern))}
    if not there:
        there = {name: pattern for name, pattern in _DATASET.items() if any(folder.glob(pattern))}
    if not there:
        raise RunFolderError(str(folder), "holds no run and no Parquet dataset")
    found = {name: _files(folder, pattern) for name, pattern in there.items()}
    connection.execute("set allowed_paths = $1", [[file for files in found.values() for file in files]])
    connection.execute("set enable_external_access = false")  # no other file, no network, no extension
    connection.execute("set lock_configuration = true")
    for name, files in found.items():
        connection.read_parquet(files, union_by_name=True).create_view(name)
    if "samples" in there:
        connection.execute(f"create view verdicts as {_VERDICTS}")


def _files(folder: Path, pattern: str) -> list[str]:
    return sorted(str(path.resolve()) for path in folder.glob(pattern) if not path.name.startswith("."))
