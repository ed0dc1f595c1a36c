"""What is known of a run after its embedded server has gone: everything."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.store import read_run
from tests.flows.prefect_server import ROOT, TUNESMITH

pytestmark = pytest.mark.slow

_PAGE = """# Station {n}

## Facts

- Pumping rate: {n}00 litres per minute
- Year built: {year}

A sluice {n} is a gate that holds back the water of canal {n}.
"""


def test_every_task_run_is_recorded_when_the_run_ends(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for n in range(250):
        (docs / f"station-{n}.md").write_text(_PAGE.format(n=n, year=1800 + n))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    done = subprocess.run(
        [*TUNESMITH, "build", str(docs), "--out", "run", "--quiet"],
        cwd=tmp_path, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    manifest = read_run(tmp_path / "run").manifest()
    assert manifest is not None
    assert len(manifest.shards) >= 25
    home = tmp_path / "run" / "prefect"
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        rows = database.execute("select name, state_name from task_run").fetchall()
        [flow] = database.execute("select state_type, state_name from flow_run").fetchall()
        logged = database.execute("select count(*) from log where message like '%documents done%'").fetchone()
    assert flow == ("COMPLETED", "Completed")
    assert [state for _, state in rows] == ["Completed"] * (len(manifest.shards) + 2)
    assert logged == (len(manifest.shards),)
    assert sum(file.stat().st_size for file in home.iterdir() if file.is_file()) < 10_000_000


def test_a_run_that_fails_is_failed_in_prefect_with_the_same_one_line(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "broken.docx").write_bytes(b"PK\x03\x04 cut")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    done = subprocess.run(
        [*TUNESMITH, "build", "docs", "--out", "run", "--quiet"],
        cwd=tmp_path, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 5
    with closing(sqlite3.connect(tmp_path / "run" / "prefect" / "prefect.db")) as database:
        [(state, message)] = database.execute(
            "select s.type, s.message from flow_run_state s join flow_run f on f.state_id = s.id"
        ).fetchall()
    assert state == "FAILED"
    assert done.stderr.strip() == f"error: {message}"
