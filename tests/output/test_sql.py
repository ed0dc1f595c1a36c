from pathlib import Path

import pytest

from output.sql import query
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
        write_dataset(lambda: numbered(10), run.dataset, Settings(), SOURCES, CARD)
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
