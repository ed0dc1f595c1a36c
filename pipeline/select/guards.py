"""What keeps two rows apart however alike they look: facts, opposites, and words that swapped places."""

from dataclasses import dataclass

from pipeline.select.roles import Roles
from pipeline.select.tokens import TokenSet, Vocabulary, unpacked

# One line for each meaning that may not turn. Words joined by a slash say the same, the others do not.
_OPPOSITES = (
    "must/shall/need/required may/can/allowed/optional should could/might forbidden/prohibited",
    "before/vor/avant/antes/prima/sebelum after/nach/après/después/depois/dopo/sesudah during until",
    "more/mehr/plus/más/mais/più/lebih less/fewer/weniger/moins/menos/meno/kurang",
    "above/over below/under",
    "minimum/min/least/lowest maximum/max/most/highest",
    "increase/increased/rise/rose/grew/higher decrease/decreased/fall/fell/lower",
    "include exclude",
    "first/earliest last/latest second third",
    "all/every/each any some both either",
    "always sometimes often rarely",
    "open closed on off up down left right north south east west",
    "start/begin end early late old new former current",
    "buy sell import export",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A text's words, those of them that make the fact, and their order."""

    words: frozenset[int]
    hard: frozenset[int]
    order: bytes

    @classmethod
    def of(cls, tokens: TokenSet) -> "Row":
        """Return a token set unpacked."""
        return cls(unpacked(tokens.words), unpacked(tokens.hard), tokens.order)


class Guards:
    """Compares two rows. `vocabulary` counted both."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._opposites = {
            number: (group, sense)
            for group, line in enumerate(_OPPOSITES)
            for sense, words in enumerate(line.split())
            for number in vocabulary.numbers_of(words.split("/"))
        }
        self._roles = Roles(vocabulary)

    def apart(self, one: Row, other: Row) -> bool:
        """Whether a number, name, negation or opposite keeps two rows apart, or two words swapped places."""
        return (
            not same_facts(one, other)
            or self.opposed(one.words - other.words, other.words - one.words)
            or self.swapped(one, other)
        )

    def opposed(self, only_one: frozenset[int], only_other: frozenset[int]) -> bool:
        """Whether a word stands in the place of its opposite. One of them may be left out."""
        ones, others = self._senses(only_one), self._senses(only_other)
        return any(group == other and sense != another for group, sense in ones for other, another in others)

    def swapped(self, one: Row, other: Row) -> bool:
        """Whether two words have changed places."""
        return self._roles.differ(one.order, other.order)

    def _senses(self, words: frozenset[int]) -> list[tuple[int, int]]:
        return [self._opposites[word] for word in words if word in self._opposites]


def same_facts(one: Row, other: Row) -> bool:
    """Whether all numbers, what they count, names and negations of each are in the other."""
    return one.hard <= other.words and other.hard <= one.words
