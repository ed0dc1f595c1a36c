"""What a person sees on a terminal while a run goes on."""

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from flows.api import open_job
from flows.configuring import configure
from flows.stages.alone import stage_alone

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")
def test_a_terminal_shows_how_the_run_goes_and_no_traceback(tmp_path: Path) -> None:
    shown = on_a_terminal(
        "build", str(ROOT / "examples/handbook"), "--direct", "--out", str(tmp_path / "run")
    )
    assert "stage" in shown
    assert "documents" in shown
    assert "Dataset: " in shown
    assert "Traceback" not in shown


def test_a_stage_by_itself_says_what_it_does(tmp_path: Path) -> None:
    handbook = str(ROOT / "examples/handbook")
    shown = []
    with open_job(configure({"sources": [handbook], "out": str(tmp_path / "run"), "limit": 1})) as job:
        for stage in ("parse", "generate", "curate", "export"):
            asyncio.run(stage_alone(stage, job))
            shown.append(job.meter.stage)
    assert shown == ["reading", "making", "judging", "writing"]


def on_a_terminal(*arguments: str) -> str:
    """Run a command on a terminal of its own, and return everything that it showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-P", "-c", "from flows.cli import main; main()", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "160"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert process.returncode == 0, shown.decode(errors="replace")
    return shown.decode(errors="replace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the last writer is gone
        return b""
