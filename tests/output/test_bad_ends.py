"""Writers that are killed, or run out of disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from output.writing import write_dataset
from schemas.settings import Settings, load_settings
from tests.output.builders import CARD, SOURCES, numbered

_FILL = """
import resource, signal, sys
from pathlib import Path
from random import Random
from output.writing import write_dataset
from schemas.errors import RunFolderError
from schemas.settings import load_settings
from tests.output.builders import CARD, SOURCES, exchange, selected

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
rows = [selected(exchange(f"{n}?", Random(n).randbytes(400).hex())) for n in range(1500)]
try:
    write_dataset(lambda: rows, Path(sys.argv[1]), load_settings({"storage": sys.argv[2]}), SOURCES, CARD)
except RunFolderError as error:
    print(error)
"""


@pytest.mark.parametrize("storage", ["parquet", "jsonl"])
def test_a_full_disk_leaves_the_earlier_dataset(tmp_path: Path, storage: str) -> None:
    folder = tmp_path / "dataset"
    write_dataset(lambda: numbered(5), folder, load_settings({"storage": storage}), SOURCES, CARD)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = subprocess.run(
        [sys.executable, "-c", _FILL, str(folder), storage], capture_output=True, text=True, check=True
    )
    assert "cannot be written (" in said.stdout, said.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_what_a_kill_between_two_renames_left_is_cleaned(tmp_path: Path) -> None:
    folder, aside = tmp_path / "dataset", tmp_path / ".dataset.old"
    write_dataset(lambda: numbered(5), folder, Settings(), SOURCES, CARD)
    folder.rename(aside)
    write_dataset(lambda: numbered(20), folder, Settings(), SOURCES, CARD)
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]
    assert (folder / "SHA256SUMS").is_file()
