"""`tunesmith watch`: what is a change, what is none, and what becomes of builds that fail."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from flows.api import Result
from flows.stages.job import Stop
from flows.watching import watch
from schemas.errors import Interrupted, SettingsError, SourceNotFound, TunesmithError
from schemas.settings import load_settings
from tests.flows.prefect_server import HANDBOOK, until

Ends = list[Result | TunesmithError]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


@pytest.fixture
def watched(docs: Path) -> Iterator[Callable[[], Ends]]:
    """Give what begins to watch the folder, where its run stands too, and returns how builds end."""
    stop, ends = Stop(), Ends()
    settings = load_settings({"sources": [str(docs)], "out": str(docs / "runs" / "live")})

    def work() -> None:
        with suppress(Interrupted):
            watch(settings, ends.append, stop=stop, direct=True, look_every_s=0.1, rest_s=0.1, patience_s=1.0)

    thread = Thread(target=work)

    def begin() -> Ends:
        thread.start()
        until(lambda: len(ends) == 1)
        return ends

    yield begin
    stop.wish()
    thread.join(60)


def write_notes(docs: Path) -> None:
    (docs / "notes.md").write_text((HANDBOOK / "engineering-notes.md").read_text())


def test_a_build_that_fails_ends_no_watch_and_the_next_change_may_mend_it(
    docs: Path, watched: Callable[[], Ends]
) -> None:
    (docs / "broken.docx").write_bytes(b"PK\x03\x04 cut")
    ends = watched()
    assert isinstance(ends[0], TunesmithError)
    write_notes(docs)
    until(lambda: len(ends) == 2)
    assert isinstance(ends[1], Result)
    assert ends[1].ledger["sources"].entered == 2


def test_a_run_in_the_folder_that_is_watched_and_hidden_files_are_no_change(
    docs: Path, watched: Callable[[], Ends]
) -> None:
    write_notes(docs)
    ends = watched()
    (docs / ".notes.md.swp").write_text("half")
    time.sleep(1)
    assert len(ends) == 1


def test_a_folder_that_never_rests_is_built_from_all_the_same(
    docs: Path, watched: Callable[[], Ends]
) -> None:
    write_notes(docs)
    ends = watched()
    for size in range(40):  # longer than the patience, with no rest in it
        (docs / "growing.md").write_text("# Growing\n" + f"The pump {size} holds {size} litres.\n" * size)
        time.sleep(0.05)
    until(lambda: isinstance(ends[-1], Result) and ends[-1].ledger["sources"].kept == 2)


def test_a_folder_that_goes_away_is_told_and_its_return_is_a_change(
    docs: Path, watched: Callable[[], Ends]
) -> None:
    write_notes(docs)
    ends = watched()
    docs.rename(docs.parent / "away")
    until(lambda: len(ends) == 2)
    assert isinstance(ends[1], SourceNotFound)
    (docs.parent / "away").rename(docs)
    until(lambda: len(ends) == 3)
    assert isinstance(ends[2], Result)


def test_what_is_not_here_cannot_be_watched() -> None:
    settings = load_settings({"sources": ["https://example.org/a.pdf"]})
    with pytest.raises(SettingsError, match="could be watched"):
        watch(settings, print, direct=True)
