"""What a corpus recipe remembers of all passages: which words are rare, and who shares them."""

import heapq
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.facts.names import names
from pipeline.facts.words import content_stems
from pipeline.languages import language_of
from pipeline.related import Band, related
from schemas.documents import Passage
from schemas.vectors import Vectors

_MOST_SHARING = 6  # a name in more passages than this links everything with everything
_MOST_TOGETHER = 50_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Passages that are linked one to another, and by what: names, or their meaning."""

    passages: tuple[Passage, ...]
    names: tuple[str, ...]
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Two passages by their numbers, and the name that they share; empty where their meaning links them."""

    left: int
    right: int
    name: str = ""


def sampled(passages: Iterable[Passage], seed: int, most: int = _MOST_TOGETHER) -> list[Passage]:
    """Return all passages, or a fair sample of so many, drawn by `seed`, where there are more."""
    chance = random.Random(seed)
    found: list[Passage] = []
    for number, passage in enumerate(passages):
        if number < most:
            found.append(passage)
        elif (place := chance.randrange(number + 1)) < most:
            found[place] = passage
    return found


class Corpus:
    """The passages of all documents, at most `most` of them: a fair sample, drawn by `seed`, beyond that."""

    def __init__(self, passages: Iterable[Passage], seed: int, most: int = _MOST_TOGETHER) -> None:
        self.passages = sampled(passages, seed, most)
        self._with_stem: defaultdict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self.passages):
            for stem in content_stems(f"{' '.join(passage.headings)} {passage.text}"):
                self._with_stem[stem].append(number)

    def nearest(self, text: str, count: int) -> list[Passage]:
        """Return the passages that share the most, and the rarest, words with `text`, best first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for stem in content_stems(text):
            sharing = self._with_stem.get(stem, ())
            weight = math.log(1 + len(self.passages) / len(sharing)) if sharing else 0.0
            for number in sharing:
                scores[number] += weight
        best = heapq.nsmallest(count, scores.items(), key=lambda item: (-item[1], item[0]))
        return [self.passages[number] for number, _ in best]

    def linked(self, links: Iterable[Link], passages: int = 2) -> Iterator[Chain]:
        """Yield chains of so many passages, each linked to one before it; each set of passages once.

        They come in the order of `links`, and a chain grows by the first link that any of its passages has.
        """
        links = list(links)
        neighbours: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for link in links if passages > 2 else ():
            neighbours[link.left].append((link.right, link.name))
            neighbours[link.right].append((link.left, link.name))
        seen: set[frozenset[int]] = set()
        for link in links:
            chain, shared = [link.left, link.right], [link.name]
            while len(chain) < passages and (further := self._next(chain, neighbours)):
                chain.append(further[0])
                shared.append(further[1])
            if len(chain) == passages and frozenset(chain) not in seen:
                seen.add(frozenset(chain))
                names_ = tuple(name for name in dict.fromkeys(shared) if name)
                yield Chain(tuple(self.passages[number] for number in chain), names_, "" in shared)

    def by_names(self) -> Iterator[Link]:
        """Yield links of passages that share a rare name, the rarest first; each pair once."""
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
                    yield Link(*pair, key)

    def by_meaning(self, vectors: Vectors, band: Band, seed: int) -> Iterator[Link]:
        """Yield links of passages that are near in meaning, in an order that the seed draws."""
        for pair in related([passage.id for passage in self.passages], vectors, band, seed):
            if _worth_linking(*(self.passages[number] for number in pair)):
                yield Link(*pair)

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


def _worth_linking(left: Passage, right: Passage) -> bool:
    """Return whether the two are about different things: not the same text, and no overlap."""
    if left.document.id == right.document.id and left.start < right.end and right.start < left.end:
        return False
    return _overlap(content_stems(left.text), content_stems(right.text)) < 0.6


def _overlap(left: set[str], right: set[str]) -> float:
    return len(left & right) / max(1, min(len(left), len(right)))
