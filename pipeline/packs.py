"""Which documents are shown together: packs that fit a window, of related ones where that is known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

_MOST_SHARING = 6  # a name in more documents than this links everything with everything
_LOOKED_AT = 200  # documents further on, where none is related


@dataclass(frozen=True, slots=True)
class Packable:
    """What is known of a document that may go into a pack. `names` are hashes of those that it has."""

    id: str
    uri: str
    tokens: int
    names: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PackRow:
    """A document's place in a pack, for later builds. Rows of a pack stand in the order of showing."""

    pack: int
    document_id: str
    uri: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a pack holds at most."""

    tokens: int
    documents: int

    def hold(self, members: Sequence[Packable]) -> bool:
        """Whether so many documents of such lengths are not too much."""
        return len(members) <= self.documents and sum(each.tokens for each in members) <= self.tokens


Pack = tuple[Packable, ...]


def packed(
    documents: Sequence[Packable],
    limits: Limits,
    near: Iterable[tuple[int, int]] = (),
    earlier: Iterable[PackRow] = (),
) -> list[Pack]:
    """Return packs of two documents or more. One that fits with no other is in none.

    A pack of an earlier build stays as it is, with a changed document in its former self's place, and without
    those that are gone. New documents make packs of their own: each goes with those that it shares the most
    rare names with, or is near to (`near` are pairs of places in `documents`), and then in order.
    """
    kept = _kept(documents, limits, earlier)
    taken = {member.id for pack in kept for member in pack}
    free = [place for place, each in enumerate(documents) if each.id not in taken]
    return [*kept, *_gathered(documents, free, limits, _neighbours(documents, free, near))]


def rows_of(packs: Iterable[Pack]) -> list[PackRow]:
    """Return packs as they are remembered."""
    return [PackRow(number, each.id, each.uri) for number, pack in enumerate(packs) for each in pack]


def _kept(documents: Sequence[Packable], limits: Limits, earlier: Iterable[PackRow]) -> list[Pack]:
    by_id = {each.id: each for each in documents}
    by_uri = {each.uri: each for each in documents}
    rows: defaultdict[int, list[PackRow]] = defaultdict(list)
    for row in earlier:
        rows[row.pack].append(row)
    kept, taken = [], set[str]()
    for former in rows.values():
        now = [by_id.get(row.document_id) or by_uri.get(row.uri) for row in former]
        pack = [each for each in dict.fromkeys(now) if each is not None and each.id not in taken]
        if not limits.hold(pack):  # a document has grown: the others stay together
            pack = [each for each in pack if each.id in {row.document_id for row in former}]
        if len(pack) > 1 and limits.hold(pack):
            kept.append(tuple(pack))
            taken.update(each.id for each in pack)
    return kept


def _neighbours(
    documents: Sequence[Packable], free: Sequence[int], near: Iterable[tuple[int, int]]
) -> Mapping[int, Counter[int]]:
    """Return for each document how much each related one shares with it: rare names, and its meaning."""
    with_name: defaultdict[int, list[int]] = defaultdict(list)
    for place in free:
        for name in documents[place].names:
            with_name[name].append(place)
    named = (pair for places in with_name.values() if len(places) <= _MOST_SHARING
             for pair in combinations(places, 2))  # fmt: skip
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for pairs in (named, near):
        for left, right in pairs:
            found[left][right] += 1
            found[right][left] += 1
    return found


def _gathered(
    documents: Sequence[Packable],
    free: Sequence[int],
    limits: Limits,
    neighbours: Mapping[int, Counter[int]],
) -> list[Pack]:
    left = dict.fromkeys(free)  # in order
    packs: list[list[Packable]] = []
    for place in free:
        if place not in left:
            continue
        del left[place]
        pack, reach = [documents[place]], Counter(neighbours.get(place))
        while (further := _next(documents, pack, left, reach, limits)) is not None:
            del left[further]
            pack.append(documents[further])
            reach.update(neighbours.get(further, {}))
        packs.append(pack)
    together = [pack for pack in packs if len(pack) > 1]
    for [alone] in (pack for pack in packs if len(pack) == 1):
        _take_in(alone, together, limits)
    return [tuple(pack) for pack in together]


def _next(
    documents: Sequence[Packable],
    pack: Sequence[Packable],
    left: Mapping[int, None],
    reach: Counter[int],
    limits: Limits,
) -> int | None:
    """Return the document that goes into a pack next: the most related one that fits, else the next one."""

    def fits(place: int) -> bool:
        return limits.hold([*pack, documents[place]])

    related = [place for place in reach if place in left and fits(place)]
    if related:
        return min(related, key=lambda place: (-reach[place], place))
    if len(pack) >= limits.documents:
        return None
    return next((place for _, place in zip(range(_LOOKED_AT), left, strict=False) if fits(place)), None)


def _take_in(document: Packable, packs: list[list[Packable]], limits: Limits) -> None:
    """Put a document that was left into a pack with room, or beside one out of a pack of three or more."""
    for pack in packs:
        if limits.hold([*pack, document]):
            pack.append(document)
            return
    for pack in packs:
        if len(pack) > 2 and limits.hold([pack[-1], document]):
            packs.append([pack.pop(), document])
            return
