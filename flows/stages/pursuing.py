"""Asking on and on for one number of samples: what is under way covers what is lacking, and no more.

Units stand in one fixed order. What they gave is looked at from the first on, and how many more are begun
follows from that alone: whichever reply comes first, the same units are asked.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from flows.stages.parse import Batch
from flows.stages.rounds import Begun, Full, MakeUnit, Making, Unit, ended, gathered, one_by_one
from flows.stages.workshop import Workshop
from pipeline.rounds import asked_for

# How many pieces a run's documents are cut into for a round: few enough to be looked at one by one.
_PIECES = 64
# What is under way is looked at again when this part of it is done.
_LOOKS = 4
# How many documents a piece's yield is estimated by, the last ones; where there are fewer, so many more stand
# for what was known before.
_LEAST_LOOKED_BACK = 8
_KNOWN_BEFORE = 4

Lacking = Callable[[list[str]], Awaitable[int]]


def pieces_of(batches: Sequence[Batch]) -> list[Batch]:
    """Return batches cut so small that a round over all of them can end where enough is asked."""
    documents = sum(len(batch.document_ids) for batch in batches)
    size = max(1, math.ceil(documents / _PIECES))
    return [
        Batch(batch.shard, batch.document_ids[start : start + size], batch.recipe, batch.document_ids)
        for batch in batches
        for start in range(0, len(batch.document_ids), size)
    ]


@dataclass(slots=True)
class Pursuit:
    """Asks about pieces, round after round, until a number is reached or a whole round brought nothing.

    `shops` gives the workshop of a round, of which `first_round` is the first. Units are tasks of `group`.
    `per_document` is how many samples a document is expected to give. `dry` says why no more is asked.
    """

    shops: Callable[[int], Workshop]
    make: MakeUnit
    full: Full
    pieces: Sequence[Batch]
    group: asyncio.TaskGroup
    first_round: int
    most_rounds: int
    per_document: float
    dry: str = ""
    _begun: int = 0  # units that are or were under way
    _looked: int = 0  # units that were looked at
    _tasks: list[Making] = field(default_factory=list)
    _places: list[tuple[int, int]] = field(default_factory=list)  # of each unit: its task, its place in it
    _made_by: dict[str, Making] = field(default_factory=dict)  # what makes a shard's documents first
    _lacked: dict[int, int] = field(default_factory=dict)  # by how many units had been looked at

    async def begin(self, left: int, first_round: Sequence[Begun]) -> None:
        """Begin as many units as should give what will be left by a first round that is still being made."""
        self._made_by = {batch.shard: each.task for each in first_round for batch in each.batches}
        await self._begin(self._enough(left))

    async def run(self, lacking: Lacking) -> list[str]:
        """Return the shards of all that is asked until `lacking` says of them that nothing is."""
        shards: list[str] = []
        first = self._looked
        while not self.dry:
            left = await lacking(shards)
            self._lacked[self._looked] = left
            if left <= 0 or self._gives_up(left):
                break
            await self._begin(self._looked + self._enough(left))
            self._looked = self._next_look()
            shards = await self._shards(first, self._looked)
        self._looked = self._begun
        return await self._shards(first, self._begun)

    def _next_look(self) -> int:
        """Return of how many units the next look is: a part of what is under way, and at each round's end."""
        whole = len(self.pieces)
        round_ends = (self._looked // whole + 1) * whole
        return min(self._looked + max(1, (self._begun - self._looked) // _LOOKS), round_ends)

    def _gives_up(self, left: int) -> bool:
        """Whether no more is asked, and note why."""
        round_, over = divmod(self._looked, max(1, len(self.pieces)))
        before = self._lacked.get(self._looked - len(self.pieces))
        if not self.pieces:
            self.dry = "there are no documents"
        elif not over and before is not None and left >= before:
            self.dry = "another round over all documents brought nothing new"
        elif round_ + self.first_round >= self.most_rounds:
            self.dry = f"{self.most_rounds} rounds were not enough"
        else:
            self.dry = self.shops(self.first_round).gateway.stats().paused
        return bool(self.dry)

    def _enough(self, left: int) -> int:
        """Return how many units should give what is lacking, by what the last ones gave; a round at most."""
        whole = len(self.pieces)
        since = max(0, self._looked - max(_LEAST_LOOKED_BACK, whole // _LOOKS))
        known = max((place for place in self._lacked if place <= since), default=self._looked)
        asked = sum(len(self._piece(place).document_ids) for place in range(known, self._looked))
        given = self._lacked.get(known, left) - left
        weight = _KNOWN_BEFORE if asked < _LEAST_LOOKED_BACK else 0
        rate = (max(given, 0.5) + self.per_document * weight) / (asked + weight)
        wanted, units = asked_for(left) / max(rate, 1e-9), 0
        while wanted > 0 and units < whole:
            wanted -= len(self._piece(self._looked + units).document_ids)
            units += 1
        return units

    def _piece(self, number: int) -> Batch:
        return self.pieces[number % len(self.pieces)]

    async def _begin(self, until: int) -> None:
        """Begin units that are not begun yet, together as work is cut, those of one round at a time."""
        whole = len(self.pieces)
        while self._begun < until:
            round_ = self._begun // whole
            batches = [self._piece(place) for place in range(self._begun, min(until, (round_ + 1) * whole))]
            async for together in gathered(one_by_one(batches), self.full):
                shop = self.shops(self.first_round + round_)
                unit = Unit(together, self.first_round + round_)
                before = self._tasks_of_round_before(together)
                shop.job.meter.batches += len(together)
                self._places += [(len(self._tasks), place) for place in range(len(together))]
                self._tasks.append(self.group.create_task(self._made(shop, unit, before)))
                self._begun += len(together)

    def _tasks_of_round_before(self, together: Sequence[Batch]) -> list[Making]:
        """Return what has to be done before the next units: the same pieces in the round before."""
        start = self._begun - len(self.pieces)
        if start < 0:
            return [self._made_by[batch.shard] for batch in together if batch.shard in self._made_by]
        numbers = {self._places[place][0] for place in range(start, start + len(together))}
        return [self._tasks[number] for number in sorted(numbers)]

    async def _made(self, shop: Workshop, unit: Unit, before: Sequence[Making]) -> list[str]:
        if before:
            await asyncio.wait(before)
        return await ended(self.make(shop, unit), unit, shop.job)

    async def _shards(self, first: int, until: int) -> list[str]:
        """Return the shards of the units from `first` to `until`, once they are made."""
        return [(await self._tasks[task])[place] for task, place in self._places[first:until]]
