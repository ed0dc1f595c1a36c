"""What a corpus recipe remembers of all passages: which words are rare, and who shares them."""

import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.facts.names import names
from pipeline.facts.words import content_stems
from pipeline.languages import language_of
from schemas.documents import Passage

_MOST_SHARING = 6  # a name in more passages than this links everything with everything
_MOST_TOGETHER = 50_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Passages that are linked one to another, and the names that link them."""

    passages: tuple[Passage, ...]
    names: tuple[str, ...]


class Corpus:
    """The passages of all documents, at most `most` of them: a fair sample, drawn by `seed`, beyond that."""

    def __init__(self, passages: Iterable[Passage], seed: int, most: int = _MOST_TOGETHER) -> None:
        chance = random.Random(seed)
        self.passages: list[Passage] = []
        for number, passage in enumerate(passages):
            if number < most:
                self.passages.append(passage)
            elif (place := chance.randrange(number + 1)) < most:
                self.passages[place] = passage
        self._with_stem: defaultdict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self.passages):
            for stem in content_stems(f"{' '.join(passage.headings)} {passage.text}"):
                self._with_stem[stem].append(number)

    def nearest(self, text: str, count: int) -> list[Passage]:
        """Return the passages that share the most, and the rarest, words with `text`, best first."""
        scores: Counter[int] = Counter()
        for stem in content_stems(text):
            sharing = self._with_stem.get(stem, ())
            weight = math.log(1 + len(self.passages) / len(sharing)) if sharing else 0.0
            for number in sharing:
                scores[number] += weight  # type: ignore[assignment]  # a Counter of floats
        best = heapq.nsmallest(count, scores.items(), key=lambda item: (-item[1], item[0]))
        return [self.passages[number] for number, _ in best]

    def linked(self, passages: int = 2) -> Iterator[Chain]:
        """Yield chains of so many passages, each sharing a rare name with one before it; each set once.

        The rarest links come first, and a chain grows by the rarest link that any of its passages has.
        """
        links = list(self._links())
        neighbours: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for left, right, name in links if passages > 2 else ():
            neighbours[left].append((right, name))
            neighbours[right].append((left, name))
        seen: set[frozenset[int]] = set()
        for left, right, name in links:
            chain, shared = [left, right], [name]
            while len(chain) < passages and (further := self._next(chain, neighbours)):
                chain.append(further[0])
                shared.append(further[1])
            if len(chain) == passages and frozenset(chain) not in seen:
                seen.add(frozenset(chain))
                names_ = tuple(dict.fromkeys(shared))
                yield Chain(tuple(self.passages[number] for number in chain), names_)

    def _next(
        self, chain: Sequence[int], neighbours: Mapping[int, Sequence[tuple[int, str]]]
    ) -> tuple[int, str] | None:
        """Return a passage that a chain can go on with, and the name it shares; None where it ends."""
        for number in reversed(chain):
            for further, name in neighbours.get(number, ()):
                others = (self.passages[other] for other in chain)
                if further not in chain and all(
                    _worth_linking(other, self.passages[further]) for other in others
                ):
                    return further, name
        return None

    def _links(self) -> Iterator[tuple[int, int, str]]:
        """Yield the numbers of passages that share a rare name, with their rarest; each pair once."""
        with_name: defaultdict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self.passages):
            for key in {name.key for name in names(passage.text, language_of(passage))}:
                with_name[key].append(number)
        seen: set[tuple[int, int]] = set()
        for key, sharing in sorted(with_name.items(), key=lambda item: (len(item[1]), item[0])):
            if len(sharing) > _MOST_SHARING:
                break
            for pair in combinations(sharing, 2):
                if pair not in seen and _worth_linking(*(self.passages[number] for number in pair)):
                    seen.add(pair)
                    yield *pair, key


def _worth_linking(left: Passage, right: Passage) -> bool:
    """Return whether the two are about different things: not the same text, and no overlap."""
    if left.document.id == right.document.id and left.start < right.end and right.start < left.end:
        return False
    return _overlap(content_stems(left.text), content_stems(right.text)) < 0.6


def _overlap(left: set[str], right: set[str]) -> float:
    return len(left & right) / max(1, min(len(left), len(right)))
