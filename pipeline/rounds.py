"""How much of what it could ask about a recipe takes in one round, where a run wants so many samples."""

import hashlib
import math
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from schemas.contracts import RecipeSetup

T = TypeVar("T")

# More is asked than is wanted, because some of it will be dropped.
SPARE = 1.25


def asked_for(lacking: float) -> float:
    """Return how many samples are asked for where so many are lacking.

    Beside what will be dropped, two standard deviations of what comes by chance: asking once more for the
    last few is rarely needed.
    """
    return SPARE * lacking + 2 * math.sqrt(lacking)


def in_turn(items: Sequence[T], setup: RecipeSetup, key: Callable[[T], str]) -> Sequence[T]:
    """Return what a round asks about: all `items`, or as many as should give what the run wants.

    They are drawn by seed and `key`, so that the first ones do not give everything. Another round takes the
    next ones, twice as many, and begins again where there are no more.
    """
    if setup.wanted is None:
        return items
    start, count = turn(setup)
    drawn = sorted(items, key=lambda item: hashlib.sha256(f"{setup.seed}:{key(item)}".encode()).digest())
    return [drawn[place % len(drawn)] for place in range(start, start + min(count, len(drawn)))]


def turn(setup: RecipeSetup, most: int = sys.maxsize) -> tuple[int, int]:
    """Return how many requests the earlier rounds asked, and how many this one shall: `most` at most."""
    first = math.ceil(SPARE * (setup.wanted or 0) / setup.count)
    *earlier, now = (min(first * 2**round_, most) for round_ in range(setup.round + 1))
    return sum(earlier), now
