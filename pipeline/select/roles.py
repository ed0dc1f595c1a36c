"""Whether two texts give names the same parts: `Anna pays Ben` and `Ben pays Anna` are two facts."""

from array import array
from collections.abc import Sequence
from itertools import combinations

from pipeline.select.tokens import BREAK, NAME, Vocabulary

_JOINING = "and or und oder et ou y e o dan atau और या"
_BY = "by von par por oleh"
_OF = "of de di du"

Sentence = Sequence[int]


class Roles:
    """Compares the orders of token sets that one vocabulary made."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._joining = vocabulary.numbers_of(_JOINING.split())
        self._by = vocabulary.numbers_of(_BY.split())
        self._of = vocabulary.numbers_of(_OF.split())

    def differ(self, one: bytes, other: bytes) -> bool:
        """Return whether a sentence of the one says of two names the reverse of a sentence of the other."""
        if one == other:
            return False
        return any(
            self._exchanged(left, right) or self._reversed(left, right)
            for left in _sentences(one)
            for right in _sentences(other)
        )

    def _exchanged(self, left: Sentence, right: Sentence) -> bool:
        """Whether two words have taken each other's places, and all else stayed.

        Neighbours may, and so may those that only an `and` or `or` parts.
        """
        if len(left) != len(right):
            return False
        places = [at for at, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1]]
        pairs = {(left[at], right[at]) for at in places}
        if len(pairs) != 2 or {(after, before) for before, after in pairs} != pairs:
            return False
        return any(word not in self._joining for word in left[places[0] + 1 : places[-1]])

    def _reversed(self, left: Sentence, right: Sentence) -> bool:
        """Whether two names stand the other way round about a word, wherever the rest stands."""
        names = sorted({word for word in left if word >= NAME} & set(right))
        return any(self._turned(left, right, one, other) for one, other in combinations(names, 2))

    def _turned(self, left: Sentence, right: Sentence, one: int, other: int) -> bool:
        """Whether the order of two names turned round, or a passive turned its sense.

        A name that keeps the preposition before it keeps its part: `in March` may stand anywhere.
        """
        if not self._between(left, one, other) & self._between(right, one, other):
            return False
        before = [(_before(left, name), _before(right, name)) for name in (one, other)]
        if any(was == is_ and was is not None and was not in self._of for was, is_ in before):
            return False
        turned = (left.index(one) < left.index(other)) != (right.index(one) < right.index(other))
        passives = [any(pair[side] in self._by for pair in before) for side in (0, 1)]
        return turned != (passives[0] != passives[1])

    def _between(self, sentence: Sentence, one: int, other: int) -> set[int]:
        first, last = sorted((sentence.index(one), sentence.index(other)))
        return {word for word in sentence[first + 1 : last] if word < NAME and word not in self._joining}


def _before(sentence: Sentence, name: int) -> int | None:
    """Return the word before a name, None where it begins the sentence."""
    at = sentence.index(name)
    return sentence[at - 1] if at else None


def _sentences(order: bytes) -> list[Sentence]:
    numbers = array("I", order)
    ends = [at for at, number in enumerate(numbers) if number == BREAK]
    starts = [0, *(end + 1 for end in ends)]
    found = [numbers[start:end] for start, end in zip(starts, [*ends, len(numbers)], strict=True)]
    return [sentence for sentence in found if sentence]
