"""What a candidate would add to those chosen so far: words, or meanings, that are not there yet."""

from math import log
from typing import TYPE_CHECKING, Protocol

from pipeline.select.candidates import Candidate
from pipeline.select.meaning import Meanings
from pipeline.select.tokens import Vocabulary, unpacked

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_WEAR = 0.5
_LEAST_SCORE = 0.05
_ROOM_AT_FIRST = 256


class Gain(Protocol):
    """What candidates add, 0 to 1. It never rises as more are chosen."""

    def of(self, candidate: Candidate) -> float:
        """Return what `candidate` would add now."""
        ...

    def choose(self, candidate: Candidate) -> None:
        """Count `candidate` as chosen."""
        ...


class WordGain:
    """A candidate's score times the share of its words, weighted by rarity, that are fresh.

    Each time a word is chosen its weight halves.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._worn: dict[int, float] = {}

    def of(self, candidate: Candidate) -> float:
        """Return what `candidate` would add now."""
        total = fresh = 0.0
        for word in unpacked(candidate.tokens.words):
            weight = self._weight(word)
            total += weight
            fresh += weight * self._worn.get(word, 1.0)
        return max(candidate.score, _LEAST_SCORE) * (fresh / total if total else 1.0)

    def choose(self, candidate: Candidate) -> None:
        """Wear out the words of `candidate`."""
        for word in unpacked(candidate.tokens.words):
            self._worn[word] = self._worn.get(word, 1.0) * _WEAR

    def _weight(self, word: int) -> float:
        return log(1 + self._vocabulary.texts / self._vocabulary.texts_with[word])


class MeaningGain:
    """A candidate's score times its distance from the nearest one chosen, from 0 (same) to 1 (unrelated)."""

    def __init__(self, meanings: Meanings) -> None:
        import numpy as np

        self._meanings = meanings
        self._chosen = np.zeros((_ROOM_AT_FIRST, meanings.vectors.shape[1]), dtype=np.float32)
        self._count = 0
        self._nearest: dict[str, float] = {}
        self._compared: dict[str, int] = {}

    def of(self, candidate: Candidate) -> float:
        """Return what `candidate` would add now, after comparing it with those chosen since the last time."""
        vector = self._vector(candidate)
        nearest = self._nearest.get(candidate.sample_id, 0.0)
        fresh = self._chosen[self._compared.get(candidate.sample_id, 0) : self._count]
        if vector is not None and len(fresh):
            nearest = max(nearest, float((fresh @ vector).max()))
            self._nearest[candidate.sample_id] = nearest
            self._compared[candidate.sample_id] = self._count
        return max(candidate.score, _LEAST_SCORE) * (1.0 - min(nearest, 1.0))

    def choose(self, candidate: Candidate) -> None:
        """Count the meaning of `candidate` as taken."""
        import numpy as np

        vector = self._vector(candidate)
        if vector is None:
            return
        if self._count == len(self._chosen):
            self._chosen = np.concatenate((self._chosen, np.zeros_like(self._chosen)))
        self._chosen[self._count] = vector
        self._count += 1

    def _vector(self, candidate: Candidate) -> "NDArray[float32] | None":
        place = self._meanings.places.get(candidate.sample_id)
        return None if place is None else self._meanings.vectors[place]
