"""What is noted before it is committed: a killed process leaves it whole, or not at all."""

from pathlib import Path

import pytest

from pipeline.llms.journal.reserve import left_in, open_reserve
from pipeline.llms.wire.exchange import Exchange


def said(key: str, content: str) -> Exchange:
    return Exchange(key, "qa", "simulated", content)


def test_what_a_killed_process_noted_is_found_again(tmp_path: Path) -> None:
    reserve = open_reserve(tmp_path)
    for key in "abc":
        reserve.note(said(key, "committed, and long enough to stand behind what follows"))
    reserve.clear()
    reserve.note(said("d", "é\n"))
    assert left_in(tmp_path) == {}  # it is in use
    reserve.lock.release()
    assert left_in(tmp_path) == {reserve.path: [said("d", "é\n")]}


def test_a_reply_larger_than_the_room_is_noted_while_the_disk_has_any(tmp_path: Path) -> None:
    reserve = open_reserve(tmp_path)
    book = said("a", "long " * (1 << 20))
    reserve.note(book)
    reserve.keep()
    reserve.lock.release()
    assert left_in(tmp_path) == {reserve.path: [book]}


def test_a_torn_line_is_dropped(tmp_path: Path) -> None:
    reserve = open_reserve(tmp_path)
    reserve.note(said("a", "whole"))
    end = reserve.file.tell()
    reserve.note(said("b", "torn"))
    reserve.lock.release()
    content = bytearray(reserve.path.read_bytes())
    content[end + 40] ^= 1
    reserve.path.write_bytes(content)
    assert left_in(tmp_path) == {reserve.path: [said("a", "whole")]}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_reserve_that_is_used_up_says_so(tmp_path: Path) -> None:
    reserve = open_reserve(tmp_path)
    with Path("/dev/full").open("wb", buffering=0) as reserve.file:
        reserve.note(said("a", "no room"))
        with pytest.raises(OSError, match="No space"):
            reserve.keep()
