"""What a least score would keep and drop, at every threshold."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = 20


@dataclass(frozen=True, slots=True)
class Point:
    """What a least score of `threshold` does.

    Precision is the share of its drops that is right, 1 where nothing is dropped; recall is the share of
    the faults that it drops.
    """

    threshold: float
    precision: float
    recall: float


def points(good: Sequence[float], bad: Sequence[float]) -> tuple[Point, ...]:
    """Return the curve over thresholds from 0 to 1, nothing where one side is missing."""
    if not good or not bad:
        return ()
    sound, spoilt = sorted(good), sorted(bad)
    return tuple(_point(step / _STEPS, sound, spoilt) for step in range(_STEPS + 1))


def best_threshold(good: Sequence[float], bad: Sequence[float]) -> float | None:
    """Return the least score that keeps the good and drops the spoilt best, each counting half."""
    if not good or not bad:
        return None
    sound, spoilt = sorted(good), sorted(bad)

    def worth(least: float) -> float:
        return bisect_left(spoilt, least) / len(spoilt) - bisect_left(sound, least) / len(sound)

    return max({*good, *bad}, key=lambda least: (worth(least), least))


def _point(threshold: float, sound: Sequence[float], spoilt: Sequence[float]) -> Point:
    lost, caught = bisect_left(sound, threshold), bisect_left(spoilt, threshold)
    return Point(threshold, caught / (caught + lost) if caught + lost else 1.0, caught / len(spoilt))
