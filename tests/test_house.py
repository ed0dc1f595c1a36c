"""What holds for the project as a whole."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "parsers", "pipeline", "flows", "output")


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_is_this_projects_own(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).is_relative_to(ROOT)


def test_no_module_in_flows_is_named_after_a_folder() -> None:
    names = {path.stem for path in (ROOT / "flows").rglob("*.py")}
    assert not names & {*PACKAGES, "tests"}


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, flows.cli\n"
        "try: flows.cli.cli(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'pyarrow', 'openai', 'pydantic'} & set(sys.modules)), file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "build" in shown.stdout
    assert shown.stderr.strip() == "[]"


def test_importing_the_python_interface_loads_nothing_heavy() -> None:
    script = "import sys; from flows import build; print('prefect' in sys.modules, callable(build))"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.split() == ["False", "True"]


def test_a_module_of_a_scripts_own_folder_that_takes_one_of_our_names_is_named(tmp_path: Path) -> None:
    (tmp_path / "pipeline.py").write_text("steps = []")
    (tmp_path / "output").mkdir()  # a folder without code is in nobody's way
    (tmp_path / "script.py").write_text("from flows import build")
    command = [sys.executable, "script.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "pipeline.py stands in the way of tunesmith's own package 'pipeline'; rename it" in done.stderr
    (tmp_path / "pipeline.py").unlink()
    assert subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode == 0
