"""Chooses the best few of many candidates so that they differ: new words count, repeated ones wear out."""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from math import log

from pipeline.select.candidates import Candidate
from pipeline.select.tokens import Vocabulary, unpacked

_WEAR = 0.5
_LEAST_SCORE = 0.05


def spread(
    candidates: Sequence[Candidate], count: int, vocabulary: Vocabulary, *, by_words: bool
) -> list[Candidate]:
    """Return `count` of the candidates, in turns from each of their groups.

    Within a group comes first whatever adds the most: its score times the share of its words, weighted by
    rarity, that were not chosen yet; each time a word is chosen its weight halves. What a candidate adds
    only ever falls, so a lazy greedy choice finds the best next one (Minoux 1978). Without `by_words` the
    order of `candidates` decides.
    """
    pools: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        pools[candidate.groups].append(candidate)
    gain = _Gain(vocabulary)
    turns = deque(
        gain.ordered(pool) if by_words else iter(pool)
        for _, pool in sorted(pools.items(), key=lambda item: item[0])
    )
    chosen: list[Candidate] = []
    while turns and len(chosen) < count:
        turn = turns.popleft()
        if (best := next(turn, None)) is not None:
            chosen.append(best)
            turns.append(turn)
    return chosen


class _Gain:
    """What a candidate would add to those chosen so far, in 0..1."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._worn: dict[int, float] = {}

    def ordered(self, pool: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield a pool's candidates, each time the one that adds the most now."""
        heap = [(-1.0, place) for place in range(len(pool))]
        while heap:
            claimed, place = heapq.heappop(heap)
            now = -self._of(pool[place])
            if heap and now > heap[0][0] and now > claimed:
                heapq.heappush(heap, (now, place))
                continue
            for word in unpacked(pool[place].tokens.words):
                self._worn[word] = self._worn.get(word, 1.0) * _WEAR
            yield pool[place]

    def _of(self, candidate: Candidate) -> float:
        total = fresh = 0.0
        for word in unpacked(candidate.tokens.words):
            weight = self._weight(word)
            total += weight
            fresh += weight * self._worn.get(word, 1.0)
        return max(candidate.score, _LEAST_SCORE) * (fresh / total if total else 1.0)

    def _weight(self, word: int) -> float:
        return log(1 + self._vocabulary.texts / self._vocabulary.texts_with[word])
