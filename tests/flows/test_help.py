"""What the command line says to somebody who is new to it."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import LazyGroup, cli
from tests.flows.prefect_server import ROOT, TUNESMITH


def ran(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*TUNESMITH, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def commands() -> list[str]:
    assert isinstance(cli, LazyGroup)
    return cli.list_commands(cli.make_context("tunesmith", ["list"]))


@pytest.mark.parametrize("command", commands())
def test_every_command_has_a_line_in_the_overview_and_help_that_fits_a_terminal(command: str) -> None:
    runner = CliRunner()
    assert f"  {command} " in runner.invoke(cli, ["--help"]).output
    done = runner.invoke(cli, [command, "--help"])
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= 80
    assert "..." not in done.output.replace("]...", "")


def test_options_stand_under_headings_each_once() -> None:
    told = CliRunner().invoke(cli, ["build", "--help"]).output
    head, last = told.split("How it runs:")
    assert [line for line in head.splitlines() if line.endswith(":") and not line.startswith(" ")] == [
        "What is read:",
        "What is made:",
        "Who answers:",
        "What is written:",
        "All settings:",
    ]
    for option in ("--limit", "--recipe", "--model", "--out", "--set"):
        assert head.count(f"  {option} ") == 1
    assert "--direct" in last


def test_a_stage_shows_the_options_that_matter_to_it_and_takes_the_others() -> None:
    told = CliRunner().invoke(cli, ["export", "--help"]).output
    assert "--format" in told
    assert not {"--limit", "--recipe", "--budget"} & set(told.split())
    done = ran("export", "--out", "nowhere", "--recipe", "qa")
    assert (
        done.stderr
        == "error: nowhere: is no run folder; give one that --out named, or make one: tunesmith build\n"
    )
    assert done.returncode == 4
    assert not (ROOT / "nowhere").exists()


def test_an_empty_folder_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = ran("build", str(tmp_path / "empty"), "--out", str(tmp_path / "run"))
    assert done.stderr.endswith("empty: holds no file\n")
    assert done.returncode == 2
    assert not (tmp_path / "run").exists()


def test_what_is_misspelt_is_told_in_one_line_with_the_nearest_right_word() -> None:
    done = ran("bild", "docs")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: there is no command 'bild'; did you mean 'build'? (see: tunesmith --help)\n"
    done = ran("build", "docs", "--modle", "x", "--json")
    assert "did you mean" in done.stderr.lower()
    assert json.loads(done.stdout)["exit_code"] == done.returncode == 2


def test_the_command_alone_shows_what_there_is() -> None:
    done = ran()
    assert done.returncode == 2
    assert "Make a dataset:" in done.stderr
    assert "Start with: tunesmith build docs/" in done.stderr
