"""Counts of samples that never hold the samples themselves."""

from collections import Counter
from itertools import accumulate

from output.report.facts import Histogram, Share, Stretch

MOST_NAMES = 5_000
_COMPACT_AT = 512


class Shares:
    """How many samples of each group were made, and how many kept. Rare groups beyond a limit are one."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()

    def add(self, name: str, *, kept: bool) -> None:
        """Count one sample."""
        if name not in self._made and len(self._made) >= MOST_NAMES:
            name = "other"
        self._made[name] += 1
        self._kept[name] += kept

    def largest(self, most: int | None = None) -> tuple[Share, ...]:
        """Return the groups, those with the most samples first, at most `most` of them."""
        ranked = sorted(self._made.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        return tuple(Share(name, made, self._kept[name]) for name, made in ranked)


class Bins:
    """How often each of a range of whole-number places came up, for kept and for lost samples."""

    def __init__(self) -> None:
        self._kept: Counter[int] = Counter()
        self._lost: Counter[int] = Counter()

    def add(self, place: int, *, kept: bool) -> None:
        """Count one sample at `place`."""
        (self._kept if kept else self._lost)[place] += 1

    def histogram(self, name: str, bins: int, width: int, unit: float = 1.0) -> Histogram:
        """Return the counts in `bins` bins of `width` places, of which each is worth `unit`."""
        kept, lost = (self._binned(counts, bins, width) for counts in (self._kept, self._lost))
        return Histogram(name, 0.0, width * unit, kept, lost, self.quantile(0.5) * unit)

    def quantile(self, share: float) -> int:
        """Return the place below or at which `share` of all samples lie."""
        counts = sorted((self._kept + self._lost).items())
        reached = accumulate(count for _, count in counts)
        wanted = share * sum(count for _, count in counts)
        return next((place for (place, _), sum_ in zip(counts, reached, strict=True) if sum_ >= wanted), 0)

    @staticmethod
    def _binned(counts: Counter[int], bins: int, width: int) -> tuple[int, ...]:
        result = [0] * bins
        for place, count in counts.items():
            result[min(place // width, bins - 1)] += count
        return tuple(result)


class Stretches:
    """The parts of a text that were pointed at, merged from time to time so that few are held."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, int]] = []
        self._compact_at = _COMPACT_AT

    def add(self, start: int, end: int) -> None:
        """Note that characters `start` to `end` were pointed at."""
        self._parts.append((start, end))
        if len(self._parts) >= self._compact_at:
            self._parts = [(part.start, part.end) for part in self.merged()]
            self._compact_at = max(_COMPACT_AT, 2 * len(self._parts))

    def merged(self) -> tuple[Stretch, ...]:
        """Return the parts, sorted, with those that touch joined."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(self._parts):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return tuple(Stretch(start, end) for start, end in merged)
