"""Stores that are away: what passes by itself is waited for, and everything else is told at once."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.faults import StoreFault, patiently
from pipeline.store.claims import Claims, Watch


def failing(*errors: Exception) -> Callable[[], str]:
    left = list(errors)

    def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


@pytest.mark.parametrize(
    "fault", [OSError(errno.EBUSY, "SlowDown"), TimeoutError("slow"), ConnectionResetError("cut")]
)
def test_a_fault_that_passes_is_waited_for(fault: OSError) -> None:
    assert patiently(failing(fault), 60.0) == "done"


@pytest.mark.parametrize("fault", [PermissionError("the token has expired"), OSError(errno.EINVAL, "no")])
def test_a_refusal_is_told_at_once(fault: OSError) -> None:
    with pytest.raises(StoreFault, match="the store says"):
        patiently(failing(fault), 60.0)


def test_patience_has_an_end_and_is_none_before_a_run_has_begun() -> None:
    with pytest.raises(StoreFault, match="the store says: slow"):
        patiently(failing(TimeoutError("slow")), 0.0)


def test_what_is_not_there_is_no_fault_and_a_bucket_that_is_not_there_is_one() -> None:
    with pytest.raises(FileNotFoundError):
        patiently(failing(FileNotFoundError("no such key")), 60.0)
    with pytest.raises(StoreFault, match="no such bucket"):
        patiently(failing(FileNotFoundError("no such bucket")), 60.0, writing=True)


def test_nobody_is_declared_dead_for_a_store_that_is_away(tmp_path: Path) -> None:
    owner, watch = Claims(tmp_path, "owner", 60.0), Watch(tmp_path, 0.0)
    owner.begin()
    assert not watch.lives("owner")  # no patience at all
    (tmp_path / "owners" / "owner").unlink()
    (tmp_path / "owners" / "owner").mkdir()  # cannot be read
    assert watch.lives("owner")


def test_who_can_tell_nobody_that_it_lives_goes_on_for_a_while_only(tmp_path: Path) -> None:
    patient, hasty = Claims(tmp_path, "patient", 60.0), Claims(tmp_path, "hasty", 0.0)
    for owner in (patient, hasty):
        owner.begin()
    for name in ("patient", "hasty"):
        (tmp_path / "owners" / name).unlink()
        (tmp_path / "owners" / name).mkdir()
        (tmp_path / "owners" / name / "in the way").touch()
    assert patient.beat()
    assert not hasty.beat()
