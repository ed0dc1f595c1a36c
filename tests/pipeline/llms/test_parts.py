"""The journal of a run on an object store: parts that several machines write, and few of many."""

from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.llms.journal.parts import MANY_OWN, MANY_PARTS, Parts
from pipeline.llms.journal.store import ReplyStore, open_store
from pipeline.llms.wire.exchange import Exchange
from pipeline.places import ObjectPlace, place_of
from schemas.errors import RunFolderError
from schemas.requests import FinishReason, Usage


class Machine:
    """A machine that works on the run, with a journal of its own."""

    def __init__(self, place: ObjectPlace, folder: Path) -> None:
        self.store: ReplyStore = open_store(folder)
        self.parts = Parts(place, self.store)

    def is_told(self, *keys: str) -> None:
        self.store.add([exchange(key) for key in keys], for_parts=True)
        self.parts.write()

    def knows(self) -> list[str]:
        return sorted(str(row["key"]) for row in self.store.rows())


def exchange(key: str) -> Exchange:
    return Exchange(
        key=key, recipe="qa", model="openai/sim", content="{}", thinking="", finish_reason=FinishReason.STOP,
        usage=Usage(1, 0, 1, 0.0, 1), error=None, detail="",
    )  # fmt: skip


@pytest.fixture
def place() -> ObjectPlace:
    made = place_of(f"memory://bucket/{uuid4().hex}/replies")
    assert isinstance(made, ObjectPlace)
    return made


def test_each_machine_learns_what_the_others_were_told(place: ObjectPlace, tmp_path: Path) -> None:
    one, two = Machine(place, tmp_path / "one"), Machine(place, tmp_path / "two")
    one.is_told("a", "b")
    two.is_told("c")
    for machine in (one, two):
        machine.parts.load()
    assert one.knows() == two.knows() == ["a", "b", "c"]


def test_who_ends_makes_few_parts_of_its_own_and_leaves_those_of_others(
    place: ObjectPlace, tmp_path: Path
) -> None:
    one, two, late = (Machine(place, tmp_path / name) for name in ("one", "two", "late"))
    two.is_told("of two")
    keys = [f"{number:03}" for number in range(MANY_OWN + 1)]
    for key in keys:
        one.is_told(key)
    two.parts.load()  # knows parts by name that go now
    one.parts.close()
    assert len(list(place.iterdir())) == 2
    two.is_told("later")
    two.parts.close()
    for machine in (two, late):
        machine.parts.load()
        assert machine.knows() == [*keys, "later", "of two"]


def test_very_many_parts_become_few_at_the_start_of_a_run_while_others_write(
    place: ObjectPlace, tmp_path: Path
) -> None:
    writer, starter, late = (Machine(place, tmp_path / name) for name in ("writer", "starter", "late"))
    keys = [f"{number:03}" for number in range(MANY_PARTS + 1)]
    for key in keys:
        writer.is_told(key)
    starter.parts.tidy()
    assert len(list(place.iterdir())) == 1
    writer.is_told("and on")
    writer.parts.close()
    late.parts.load()
    assert late.knows() == [*keys, "and on"]


def test_a_damaged_part_is_told_and_not_passed_over(place: ObjectPlace, tmp_path: Path) -> None:
    Machine(place, tmp_path / "one").is_told("a")
    [part] = place.iterdir()
    part.write_bytes(part.read_bytes()[:-12])
    with pytest.raises(RunFolderError, match="journal of replies cannot be used"):
        Machine(place, tmp_path / "two").parts.load()
