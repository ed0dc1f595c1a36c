"""Splits by document: no document's rows part, and a document stays where it once was."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from schemas.samples import Split
from schemas.settings import SplitSettings

_ENOUGH_GROUPS = 3


class Groups:
    """Documents that must stay together, as a union-find whose root is the smallest id.

    `kept` holds the splits of an earlier build; documents that stand in different ones cannot be joined.
    """

    def __init__(self, kept: Mapping[str, Split]) -> None:
        self._parent: dict[str, str] = {}
        self._kept = dict(kept)

    def join(self, members: Sequence[str]) -> bool:
        """Note that all `members` belong together. False, and nothing noted, where their splits differ."""
        roots = sorted({self.root(member) for member in members})
        splits = {self._kept[root] for root in roots if root in self._kept}
        if len(splits) > 1:
            return False
        for root in roots[1:]:
            self._parent[root] = roots[0]
        if splits:
            self._kept[roots[0]] = splits.pop()
        return True

    def root(self, member: str) -> str:
        """Return the name of the group that `member` is in."""
        root = member
        while (parent := self._parent.setdefault(root, root)) != root:
            root = parent
        self._parent[member] = root
        return root

    def kept_split(self, root: str) -> Split | None:
        """Return the split in which a group stood before, None for a new one."""
        return self._kept.get(root)


def split_groups(
    rows: Mapping[str, int], groups: Groups, settings: SplitSettings, seed: int
) -> dict[str, Split]:
    """Return the split of each group. `rows` counts the samples of each.

    A group falls by a hash of its name, so that it falls alike in every build with the same seed. Where
    few groups leave train with less than half of what it should have, the largest of the others move there;
    where a wanted split is left empty, the group nearest to the wanted size does, from three groups on.
    """
    fallen = {group: groups.kept_split(group) or _fall(group, settings, seed) for group in rows}
    free = {group for group in rows if groups.kept_split(group) is None}
    _feed_train(fallen, rows, free, settings.train)
    for split, share in ((Split.TEST, settings.test), (Split.VALIDATION, settings.validation)):
        if share and split not in fallen.values() and len(rows) >= _ENOUGH_GROUPS:
            _move(fallen, rows, free, split, share)
    return fallen


def _fall(group: str, settings: SplitSettings, seed: int) -> Split:
    digest = hashlib.blake2b(f"{seed}:{group}".encode(), digest_size=8).digest()
    place = int.from_bytes(digest) / 2**64
    if place < settings.test:
        return Split.TEST
    return Split.VALIDATION if place < settings.test + settings.validation else Split.TRAIN


def _feed_train(fallen: dict[str, Split], rows: Mapping[str, int], free: set[str], share: float) -> None:
    """Move the largest free groups to train until it has at least half of its share of the rows."""
    wanted = share * sum(rows.values()) / 2
    fed = sum(rows[group] for group, split in fallen.items() if split is Split.TRAIN)
    elsewhere = (group for group in free if fallen[group] is not Split.TRAIN)
    for group in sorted(elsewhere, key=lambda group: (-rows[group], group)):
        if fed >= wanted:
            return
        fallen[group] = Split.TRAIN
        fed += rows[group]


def _move(fallen: dict[str, Split], rows: Mapping[str, int], free: set[str], to: Split, share: float) -> None:
    """Move the group whose size is nearest to the wanted one, out of a split that keeps another."""
    wanted = share * sum(rows.values())
    filled = Counter(fallen.values())
    movable = [group for group in free if filled[fallen[group]] > 1]
    if movable:
        nearest = min(movable, key=lambda group: (abs(rows[group] - wanted), group))
        fallen[nearest] = to
