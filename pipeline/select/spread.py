"""Chooses the best few of many candidates so that they differ: only what is new adds much."""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from pipeline.select.candidates import Candidate
from pipeline.select.gain import Gain


def spread(candidates: Sequence[Candidate], count: int, gain: Gain | None) -> list[Candidate]:
    """Return `count` of the candidates, in turns from each of their groups.

    Within a group comes first whatever adds the most. What a candidate adds only ever falls, so a lazy greedy
    choice finds the best next one (Minoux 1978). Without `gain` the order of `candidates` decides.
    """
    pools: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        pools[candidate.groups].append(candidate)
    turns = deque(
        iter(pool) if gain is None else _ordered(pool, gain)
        for _, pool in sorted(pools.items(), key=lambda item: item[0])
    )
    chosen: list[Candidate] = []
    while turns and len(chosen) < count:
        turn = turns.popleft()
        if (best := next(turn, None)) is not None:
            chosen.append(best)
            turns.append(turn)
    return chosen


def _ordered(pool: Sequence[Candidate], gain: Gain) -> Iterator[Candidate]:
    """Yield a pool's candidates, each time the one that adds the most now."""
    heap = [(-1.0, place) for place in range(len(pool))]
    while heap:
        claimed, place = heapq.heappop(heap)
        now = -gain.of(pool[place])
        if heap and now > heap[0][0] and now > claimed:
            heapq.heappush(heap, (now, place))
            continue
        gain.choose(pool[place])
        yield pool[place]
