import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store import SelectionRow, SourceRow, open_run, read_run
from schemas.errors import RunFolderError, RunLocked
from schemas.ledger import End, Tally
from schemas.manifest import DatasetFile, Manifest
from schemas.requests import Usage
from schemas.samples import Split
from schemas.settings import Settings

MANIFEST = Manifest(
    name="demo",
    created="2026-01-01T00:00:00Z",
    updated="2026-01-01T00:01:00Z",
    settings=Settings(sources=("docs",), format="alpaca"),
    versions={"tunesmith": "0.1.0"},
    ledger={"sources": Tally(3, 1, {"duplicate": 1}, {"encrypted": 1})},
    usage={"generate": Usage(10, 5, 3, 0.01, 1)},
    files=(DatasetFile(path="train.parquet", split="train", rows=1, bytes=10, sha256="00"),),
)


def test_a_run_can_be_made_left_and_opened_again(tmp_path: Path) -> None:
    with open_run(tmp_path / "a" / "run") as run:
        assert run.manifest() is None
        run.save_manifest(MANIFEST)
    with open_run(tmp_path / "a" / "run") as run:
        assert run.manifest() == MANIFEST
    assert read_run(tmp_path / "a" / "run").manifest() == MANIFEST


def test_sources_and_selection_come_back(tmp_path: Path) -> None:
    sources = [
        SourceRow("a.pdf", "00", "application/pdf", 10, "d1", End.KEPT),
        SourceRow("b.pdf", "11", "application/pdf", 20, None, End.FAILED, "encrypted", "pass a password"),
    ]
    selection = [
        SelectionRow("s1", End.KEPT, split=Split.TEST, cluster="c1"),
        SelectionRow("s2", End.DROPPED, "near_duplicate"),
    ]
    with open_run(tmp_path) as run:
        assert run.sources.read() == []
        run.sources.write(sources)
        run.selection.write(selection)
        assert run.sources.read() == sources
        assert run.selection.read() == selection


def test_a_second_run_on_the_same_folder_is_refused_at_once(tmp_path: Path) -> None:
    with open_run(tmp_path), pytest.raises(RunLocked, match="in use by another run"), open_run(tmp_path):
        pass


def test_another_process_is_refused_too_and_death_frees_the_folder(tmp_path: Path) -> None:
    hold = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from pipeline.store import open_run\n"
        "with open_run(Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd(), text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(RunLocked), open_run(tmp_path):
            pass
        child.kill()
        child.wait()
    with open_run(tmp_path) as run:
        assert run.folder == tmp_path


def test_what_a_killed_writer_left_is_cleared_away(tmp_path: Path) -> None:
    with open_run(tmp_path) as run:
        leftover = tmp_path / "samples" / ".s.parquet.123.part"
        leftover.parent.mkdir()
        leftover.write_bytes(b"half")
        assert run.samples.shards() == []
    with open_run(tmp_path):
        assert leftover.exists()  # a worker of a run that was killed may be writing it still
    os.utime(leftover, (0, 0))
    with open_run(tmp_path):
        assert not leftover.exists()


def test_a_folder_with_other_files_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(RunFolderError, match="holds other files"), open_run(tmp_path):
        pass
    with pytest.raises(RunFolderError, match="is no run folder"):
        read_run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    with open_run(tmp_path):
        pass
    (tmp_path / ".tunesmith").write_text("99\n")
    with pytest.raises(RunFolderError, match=r"layout '99'.*update tunesmith"), open_run(tmp_path):
        pass
    with pytest.raises(RunFolderError, match="layout '99'"):
        read_run(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunFolderError, match="cannot be written"), open_run(tmp_path / "file" / "run"):
        pass


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    with open_run(tmp_path) as run:
        (tmp_path / "manifest.json").write_text('{"name": ')
        with pytest.raises(RunFolderError, match=r"manifest\.json: cannot be read"):
            run.manifest()
