"""What one file may cost. A parser of our own, installed as a third party would install it, misbehaves."""

import os
import sys
from pathlib import Path

import pytest

from parsers.reading import Outcome, Unreadable, read
from schemas.documents import Document, Source
from schemas.registry import parsers
from schemas.settings import ParseSettings
from tests.parsers.single import PNG_HEAD

PARSER = """
import ctypes, os, socket, subprocess, time
from parsers.draft import Draft
from schemas.contracts import ParserEntry
from schemas.documents import BlockKind, Figure
from schemas.registry import parsers

def parse(content, source, options):
    deed, start = content.decode().split()[0], time.process_time()
    if deed == "die": os.abort()
    if deed == "leave": os._exit(3)
    if deed == "sleep": time.sleep(600)
    if deed == "wait":
        while time.process_time() < start + 0.3: time.sleep(0.1); sum(range(1_000_000))
    if deed == "spin":
        while True: pass
    if deed == "eat": return [bytearray(10_000_000) for _ in range(10_000)]
    if deed == "recurse": parse_again = lambda n: parse_again(n + 1); parse_again(0)
    if deed == "swell":
        draft = Draft(); draft.add(BlockKind.PARAGRAPH, "x" * 3_000_000); return draft.document(source)
    if deed == "nonsense": return 5
    if deed == "connect": socket.create_connection(("127.0.0.1", 9))
    if deed == "spawn": subprocess.run(["true"])
    if deed == "write": open(os.path.dirname(source.uri) + "/written", "w").write("x" * 10)
    if deed == "open": files = [open("/dev/null") for _ in range(500)]
    if deed == "print": print("noise on standard output" * 10_000, flush=True)
    draft = Draft()
    draft.add(BlockKind.PARAGRAPH, " ".join(sorted(os.environ)) if deed == "environment" else "done")
    return draft.document(source)

parsers.add("deeds", ParserEntry(parse, ("text/x-deed",), (".deed",), "does as it is told"))
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "site"
    (package / "deeds-1.0.dist-info").mkdir(parents=True)
    (package / "deeds.py").write_text(PARSER)
    (package / "deeds-1.0.dist-info" / "METADATA").write_text("Name: deeds\nVersion: 1.0\n")
    (package / "deeds-1.0.dist-info" / "entry_points.txt").write_text("[tunesmith.parsers]\ndeeds = deeds\n")
    monkeypatch.syspath_prepend(package)
    parsers.names()
    __import__("deeds")
    sys.modules.pop("deeds")
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def ends(folder: Path, *deeds: str, **settings: object) -> list[str]:
    for index, deed in enumerate(deeds):
        (folder / f"{index:02}.deed").write_text(deed)
    found = read([str(folder)], ParseSettings.model_validate({"workers": 1, "timeout_s": 3.0, **settings}))
    return [_end(one) for one in found]


def _end(outcome: Outcome) -> str:
    if isinstance(outcome, Unreadable):
        return outcome.reason
    return outcome.text if isinstance(outcome, Document) else "known"


def test_no_deed_of_a_parser_stops_the_run(installed: Path) -> None:
    deeds = ["die", "fine", "leave", "fine", "recurse", "nonsense", "print", "fine"]
    wanted = ["crashed", "done", "crashed", "done", "too_deep", "crashed", "done", "done"]
    assert ends(installed, *deeds) == wanted


def test_time_and_memory_are_bounded_per_file(installed: Path) -> None:
    deeds = ["sleep", "fine", "eat", "fine", "swell", "fine"]
    wanted = ["timeout", "done", "out_of_memory", "done", "output_too_large", "done"]
    assert ends(installed, *deeds, memory_mb=512, max_output_mb=1) == wanted


def test_a_slow_file_does_not_keep_the_others_waiting(installed: Path) -> None:
    for index, deed in enumerate(["sleep", *["fine"] * 40]):
        (installed / f"{index:02}.deed").write_text(deed)
    seen: list[str] = []

    def known(source: Source) -> bool:
        seen.append(source.uri)
        return False

    reading = read([str(installed)], ParseSettings(workers=2, timeout_s=1.0), known=known)
    assert isinstance(next(reading), Unreadable)
    assert len(seen) > 20
    assert sum(isinstance(one, Document) for one in reading) == 40


def test_cpu_time_is_bounded_too(installed: Path) -> None:
    assert ends(installed, "spin", "fine") == ["timeout", "done"]


def test_a_parser_that_waits_for_its_turn_is_left_alone(installed: Path) -> None:
    assert ends(installed, "wait", "sleep", timeout_s=1.0) == ["done", "timeout"]


def test_a_parser_has_no_network_no_processes_no_disk(installed: Path) -> None:
    assert ends(installed, "connect", "spawn", "write", "open", "fine") == ["crashed"] * 4 + ["done"]
    assert (
        not Path("/tmp/should-not-be-written").exists()
        or not Path("/tmp/should-not-be-written").stat().st_size
    )


def test_secrets_of_the_environment_do_not_reach_a_parser(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_API_KEY", "secret")
    (seen,) = ends(installed, "environment")
    assert "PYTHONHASHSEED" in seen
    assert "LLAMA_API_KEY" not in seen


def test_no_child_outlives_its_reading(installed: Path) -> None:
    before = children()
    assert ends(installed, "fine", "die", "fine", workers=2) == ["done", "crashed", "done"]
    assert children() <= before


def children() -> set[str]:
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(listed.read_text().split()) if listed.exists() else set()


def test_a_document_keeps_its_figures_over_the_wire(tmp_path: Path) -> None:
    picture = PNG_HEAD + bytes(range(256)) * 100
    (tmp_path / "a.png").write_bytes(picture)
    (image,) = read([str(tmp_path)], ParseSettings(workers=1))
    assert isinstance(image, Document)
    assert image.figures[0].content == picture
