"""`tunesmith build --review` on its embedded server: a person has the last word."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.flows.prefect_server import HANDBOOK, ROOT, TUNESMITH, until

pytestmark = pytest.mark.slow


@contextmanager
def waiting(out: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a build that waits for a person, and end it."""
    command = [*TUNESMITH, "build", str(HANDBOOK), "--out", str(out), "--review", "--quiet"]
    with subprocess.Popen(
        command, cwd=out.parent, env=environment(), stderr=subprocess.PIPE, text=True
    ) as build:
        try:
            until(lambda: (out / "review.json").exists() or build.poll() is not None)
            yield build
        finally:
            build.kill()


def environment() -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    return others | {"PYTHONPATH": str(ROOT)}


def approve(out: Path, *answer: str) -> subprocess.CompletedProcess[str]:
    command = [*TUNESMITH, "approve", str(out), *answer]
    return subprocess.run(
        command, cwd=out.parent, env=environment(), capture_output=True, text=True, check=False
    )


def build_and_answer(out: Path, *answer: str) -> tuple[int, str, str]:
    """Return the exit code and the last words of a build, and what `approve` said."""
    with waiting(out) as build:
        assert (out / "report.html").exists()
        assert events(out) == []

        def answered() -> subprocess.CompletedProcess[str] | None:
            done = approve(out, *answer)
            return done if done.returncode == 0 or build.poll() is not None else None

        said = until(answered)
        _, told = build.communicate(timeout=60)
    return build.returncode, told, said.stdout


def events(out: Path) -> list[str]:
    """Return the datasets that the run told of."""
    with closing(sqlite3.connect(out / "prefect" / "prefect.db")) as database:
        found = database.execute("select resource_id from events where event = 'tunesmith.dataset.published'")
        return [resource for (resource,) in found]


def states(out: Path) -> dict[str, tuple[str, str]]:
    """Return how the run's flows ended, by name."""
    with closing(sqlite3.connect(out / "prefect" / "prefect.db")) as database:
        rows = database.execute(
            "select flow.name, state_type, state_name from flow_run join flow on flow.id = flow_id "
            "order by flow_run.created"
        )
        return {name: (type_, state) for name, type_, state in rows}


def test_an_approved_dataset_is_published(tmp_path: Path) -> None:
    out = tmp_path / "run"
    code, told, said = build_and_answer(out)
    assert (code, said.strip()) == (0, "approved"), told
    assert events(out) == ["tunesmith.dataset.run"]
    assert states(out)["tunesmith-publish"] == ("COMPLETED", "Approved")


def killed_while_it_waits(out: Path) -> None:
    with waiting(out):
        pass
    done = approve(out)
    assert (done.returncode, done.stdout) == (4, "")
    assert "waits no longer, it was ended; build it again with --review" in done.stderr


def test_a_refused_dataset_is_not_published_and_a_killed_run_hears_no_answer(
    tmp_path: Path,
) -> None:
    out = tmp_path / "run"
    killed_while_it_waits(out)
    code, told, _ = build_and_answer(out, "--reject", "--comment", "too few tables")
    assert code == 8
    assert "refused: too few tables" in told
    assert "Traceback" not in told
    assert events(out) == []
    assert states(out) == {
        "tunesmith-build": ("CANCELLED", "Rejected"),
        "tunesmith-publish": ("CANCELLED", "Rejected"),
    }
    assert not (out / "review.json").exists()
