"""A fair choice from a stream whose length nobody knows."""

import random
from typing import Generic, TypeVar

T = TypeVar("T")


class Reservoir(Generic[T]):
    """Holds at most `size` items, each of those offered with the same chance. `seed` repeats the choice."""

    def __init__(self, size: int, seed: str) -> None:
        self._size = size
        self._random = random.Random(seed)
        self._offered = 0
        self._items: dict[int, T] = {}

    def offer(self, item: T) -> None:
        """Take `item` or leave it."""
        place = self._offered if self._offered < self._size else self._random.randint(0, self._offered)
        self._offered += 1
        if place < self._size:
            self._items.pop(place, None)
            self._items[place] = item

    @property
    def items(self) -> list[T]:
        """What was chosen, in the order in which it was offered."""
        return list(self._items.values())
