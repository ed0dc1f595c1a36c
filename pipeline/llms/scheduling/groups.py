"""Prefix groups: the first request goes ahead and fills the server's prefix cache, then the rest follow."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

J = TypeVar("J")
_REMEMBERED = 4096


@dataclass(slots=True)
class _Group(Generic[J]):
    leader: J
    lane: int
    warm: bool = False
    waiting: list[J] = field(default_factory=list)


class PrefixGroups(Generic[J]):
    """Holds back a group's jobs while its first one is out. The oldest warm groups are forgotten."""

    def __init__(self) -> None:
        self._groups: OrderedDict[str, _Group[J]] = OrderedDict()
        self.waiting = 0

    def must_wait(self, group: str | None, job: J) -> bool:
        """Return whether `job` is held back, to be handed out by `leader_ended`."""
        known = self._groups.get(group) if group is not None else None
        if known is None or known.warm or known.leader is job:
            return False
        known.waiting.append(job)
        self.waiting += 1
        return True

    def lane_of(self, group: str | None) -> int | None:
        """Return the number of the lane whose server holds the group's prefix."""
        known = self._groups.get(group) if group is not None else None
        return known.lane if known is not None else None

    def sent(self, group: str | None, job: J, lane: int) -> None:
        """Note that `job` goes out over `lane`. The first of a group leads it."""
        if group is None:
            return
        known = self._groups.get(group)
        if known is None:
            self._groups[group] = _Group(job, lane)
        else:
            known.lane = lane
            self._groups.move_to_end(group)

    def leader_ended(self, group: str | None, job: J, *, warm: bool) -> list[J]:
        """Return the jobs that need wait no longer, once a group's first request is answered or given up."""
        known = self._groups.get(group) if group is not None else None
        if group is None or known is None or known.leader is not job or known.warm:
            return []
        released, known.waiting = known.waiting, []
        self.waiting -= len(released)
        if warm:
            known.warm = True
            self._forget()
        else:
            del self._groups[group]
        return released

    def drain(self) -> list[J]:
        """Return all jobs that are held back, and forget every group."""
        held = [job for group in self._groups.values() for job in group.waiting]
        self._groups.clear()
        self.waiting = 0
        return held

    def _forget(self) -> None:
        while len(self._groups) > _REMEMBERED:
            oldest = next(iter(self._groups))
            if not self._groups[oldest].warm:
                break
            del self._groups[oldest]
