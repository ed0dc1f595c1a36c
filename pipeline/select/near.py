"""Finds near-duplicates: rows are joined on their numbers and rarest words, then compared word by word.

MinHash merges rows that differ in one number; here whatever makes the fact must be the same in both.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.select.guards import Guards, Row, same_facts
from pipeline.select.tokens import TokenSet, Vocabulary

_KEYS_PER_ROW = 3
_COMPARED_PER_KEY = 48
_LEAST_SHARED = 0.55
_RARE_SHARE = 0.005
_MOST_ADDED_RARE = 2
_LEAST_SLIP_LETTERS = 5


def leaders(rows: Sequence[TokenSet], vocabulary: Vocabulary) -> list[int]:
    """Return, for each row, the index of the first row that it repeats: its own where it repeats none.

    Two rows say the same when all numbers, names, negations and the like of each are in the other, they
    share most of their words, no rare word of the one takes the place of another, and no two words swap
    places. `vocabulary` counted all of `rows`.
    """
    return _Search(rows, vocabulary).leaders()


class _Search:
    """The rows that led so far, by what they are joined on."""

    def __init__(self, rows: Sequence[TokenSet], vocabulary: Vocabulary) -> None:
        self._rows = rows
        self._vocabulary = vocabulary
        self._rare_below = max(3.0, vocabulary.texts * _RARE_SHARE)
        self._guards = Guards(vocabulary)
        self._leaders: dict[int, list[int]] = defaultdict(list)

    def leaders(self) -> list[int]:
        """Return the leader of each row."""
        leaders = []
        for index, tokens in enumerate(self._rows):
            row = Row.of(tokens)
            keys = self._keys(row.words, tokens.figures)
            leader = self._match(row, keys)
            leaders.append(index if leader is None else leader)
            if leader is None:
                for key in keys:
                    self._leaders[key].append(index)
        return leaders

    def _keys(self, words: frozenset[int], figures: int) -> list[int]:
        """Return what to join on: the row's figures together with each of its rarest shared words."""
        counts = self._vocabulary.texts_with
        shared = [word for word in words if counts[word] > 1]
        rarest = heapq.nsmallest(_KEYS_PER_ROW, shared, key=lambda word: (counts[word], word))
        return [hash((figures, word)) for word in rarest]

    def _match(self, row: Row, keys: Iterable[int]) -> int | None:
        compared: set[int] = set()
        for key in keys:
            for index in self._leaders.get(key, ())[-_COMPARED_PER_KEY:]:
                if index in compared:
                    continue
                compared.add(index)
                if self._same(row, Row.of(self._rows[index])):
                    return index
        return None

    def _same(self, one: Row, other: Row) -> bool:
        if not same_facts(one, other):
            return False
        shared = len(one.words & other.words)
        if shared < _LEAST_SHARED * min(len(one.words), len(other.words)):
            return False
        may_differ = self._may_differ(one.words - other.words, other.words - one.words)
        return may_differ and not self._guards.swapped(one, other)

    def _may_differ(self, only_one: frozenset[int], only_other: frozenset[int]) -> bool:
        """Whether no fact hangs on the differing words: common ones, additions, or one slip of the pen.

        A word with an opposite may be left out, but none of them may stand in the place of another.
        """
        if self._guards.opposed(only_one, only_other):
            return False
        counts = self._vocabulary.texts_with
        left = [word for word in only_one if counts[word] <= self._rare_below]
        right = [word for word in only_other if counts[word] <= self._rare_below]
        if not left or not right:
            return len(left) + len(right) <= _MOST_ADDED_RARE
        spelling = self._vocabulary.spelling
        return len(left) == len(right) == 1 and is_slip(spelling(left[0]), spelling(right[0]))


def is_slip(one: str, other: str) -> bool:
    """Whether two words are one letter apart: one changed, added, left out, or two neighbours swapped."""
    short, long = sorted((one, other), key=len)
    if len(short) < _LEAST_SLIP_LETTERS or len(long) - len(short) > 1:
        return False
    start = next(
        (at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2][::-1] == long[start : start + 2]
    return short[start + 1 :] == long[start + 1 :] or (swapped and short[start + 2 :] == long[start + 2 :])
