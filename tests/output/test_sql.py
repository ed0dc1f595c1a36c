from pathlib import Path

import orjson
import pytest

from output.sql import query
from output.sql_text import csv_lines, json_lines, table_lines
from output.writing import write_dataset
from pipeline.store import open_run
from schemas.errors import RunFolderError, SettingsError
from schemas.settings import Settings
from tests.output.builders import CARD, SOURCES, exchange, numbered, selected

pytest.importorskip("duckdb")


def _run(folder: Path) -> Path:
    with open_run(folder) as run:
        run.samples.write("a", [selected(exchange("Why?", "So.")).judged])
        run.samples.write("b", [selected(exchange("How?", "Thus.")).judged])
        write_dataset(lambda: numbered(10), folder / "dataset", Settings(), SOURCES, CARD)
    return folder


def test_samples_and_verdicts_can_be_queried(tmp_path: Path) -> None:
    run = _run(tmp_path / "run")
    answer = query(run, "select recipe, count(*) as rows from samples where keep group by recipe")
    assert (answer.columns, list(answer.rows)) == (("recipe", "rows"), [("qa", 2)])
    scored = query(run, "select filter, min(score) from verdicts where score is not null group by filter")
    assert list(scored.rows) == [("judge", 0.9)]


def test_dataset_rows_join_their_samples(tmp_path: Path) -> None:
    answer = query(_run(tmp_path / "run"), "select count(*) from dataset left join samples using (id)")
    assert list(answer.rows) == [(10,)]


def test_a_dataset_alone_can_be_queried(tmp_path: Path) -> None:
    answer = query(
        _run(tmp_path / "run") / "dataset", "select messages[1].content from dataset order by 1 limit 1"
    )
    assert list(answer.rows) == [("Question 0?",)]


def test_a_wrong_statement_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="recipes"):
        query(_run(tmp_path / "run"), "select recipes from samples")


def test_a_folder_without_tables_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="holds no run and no Parquet dataset"):
        query(tmp_path, "select 1")


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "copy (select 1 as id) to '{folder}/run/dataset/train-00000-of-00001.parquet'",
        "create table mine (a int)",
        "attach '{folder}/other.db'",
        "install httpfs",
        "set enable_external_access = true",
        "select 1; drop view dataset",
        "explain analyze copy (select 1) to '{folder}/out.csv'",
        "",
    ],
)
def test_only_one_statement_that_asks_is_taken(tmp_path: Path, statement: str) -> None:
    run = _run(tmp_path / "run")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(SettingsError, match="takes one statement that asks"):
        query(run, statement.format(folder=tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "source",
    [
        "read_text('{folder}/secret.txt')",
        "'{folder}/secret.parquet'",
        "glob('{folder}/*')",
        "'http://127.0.0.1:9/rows.parquet'",
        "'s3://bucket/rows.parquet'",
    ],
)
def test_nothing_but_the_runs_files_can_be_reached(tmp_path: Path, source: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secret.parquet").write_text("secret")
    with pytest.raises(SettingsError, match="sql") as raised:
        list(query(_run(tmp_path / "run"), f"select * from {source.format(folder=tmp_path)}").rows)
    assert "\n" not in str(raised.value)


def test_an_answer_is_a_table_csv_or_json(tmp_path: Path) -> None:
    run, statement = _run(tmp_path / "run"), "select 'a\tb' as text, 0.5 as n, [1, 2] as list, null as none"
    assert list(table_lines(query(run, statement))) == [
        "text    n  list   none",
        "----  ---  -----  ----",
        "a b   0.5  [1,2]",
        "(1 row)",
    ]
    assert list(csv_lines(query(run, statement))) == ["text,n,list,none", 'a\tb,0.5,"[1,2]",']
    assert [orjson.loads(line)["list"] for line in json_lines(query(run, statement))] == [[1, 2]]


def test_a_value_that_fails_late_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Conversion Error") as raised:
        list(query(_run(tmp_path / "run"), "select cast(id as int) from dataset").rows)
    assert "\n" not in str(raised.value)
