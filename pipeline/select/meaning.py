"""Finds rows that mean the same, by the vectors of an embedding model.

Vectors alone take "opens at six" for "opens at seven", so the guards of near duplicates hold here too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline.pivots import comparable
from pipeline.select.guards import Guards, Row
from pipeline.select.tokens import TokenSet, Vocabulary

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

_NEIGHBOURS = 32
_CHUNK = 8192
_OTHER_SIZE = "another number of dimensions"


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """The vectors of samples, at length 1. `places` gives the row of each sample's id that has one, `missing`
    why another has none, in a few words."""

    places: Mapping[str, int]
    vectors: "NDArray[float32]"
    missing: Mapping[str, str] = field(default_factory=dict)


def gathered(parts: Sequence[Meanings]) -> Meanings:
    """Return several as one. Where models changed between them, those with the first one's dimensions."""
    import numpy as np

    filled = [part for part in parts if len(part.vectors)]
    alike = [part for part in filled if part.vectors.shape[1] == filled[0].vectors.shape[1]]
    starts = [0, *accumulate(len(part.vectors) for part in alike)]
    places = {
        sample_id: start + place
        for start, part in zip(starts, alike, strict=False)
        for sample_id, place in part.places.items()
    }
    missing = {sample_id: why for part in parts for sample_id, why in part.missing.items()}
    for part in filled:
        missing |= dict.fromkeys(part.places.keys() - places.keys(), _OTHER_SIZE)
    empty = np.zeros((0, 0), dtype=np.float32)
    vectors = np.concatenate([part.vectors for part in alike]) if alike else empty
    return Meanings(places, vectors, missing)


def leaders_by_meaning(
    rows: Sequence[TokenSet],
    places: Sequence[int | None],
    vectors: "NDArray[float32]",
    vocabulary: Vocabulary,
    same_above: float,
) -> list[int]:
    """Return, for each row, the index of the first row that means the same: its own where none does.

    `places` gives each row's vector, None where it has none; such a row leads itself. Only rows with equal
    figures are compared. Where more than 4,000 have the same, each is compared with those that share one of
    its nearest pivots: rows drawn from all, twice their square root, so that the work grows with the power
    1.5 of the rows.
    """
    leaders = list(range(len(rows)))
    guards = Guards(vocabulary)
    alike: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, place in enumerate(places):
        if place is not None:
            alike[rows[index].figures].append((index, place))
    for group in (group for group in alike.values() if len(group) > 1):
        matrix = vectors[[place for _, place in group]]
        for later, earlier in _neighbours(matrix, same_above):
            index, other = group[later][0], group[earlier][0]
            is_open = leaders[index] == index and leaders[other] == other
            if is_open and not guards.apart(Row.of(rows[index]), Row.of(rows[other])):
                leaders[index] = other
    return leaders


def _neighbours(matrix: "NDArray[float32]", same_above: float) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that are near, the later one first; later rows last, their nearest ones first."""
    import numpy as np

    found = [_pairs_in(matrix, members, same_above) for members in comparable(matrix)]
    pairs = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), dtype=np.int64)
    cosines = np.concatenate([
        np.einsum("ij,ij->i", matrix[part[:, 0]], matrix[part[:, 1]])
        for part in (pairs[start : start + _CHUNK] for start in range(0, max(len(pairs), 1), _CHUNK))
    ])  # fmt: skip
    order = np.lexsort((-cosines, pairs[:, 0]))
    yield from pairs[order].tolist()


def _pairs_in(matrix: "NDArray[float32]", members: "NDArray[int64]", same_above: float) -> "NDArray[int64]":
    """Return the near pairs among `members`, the later one first: for each its nearest earlier ones."""
    import numpy as np

    part = matrix[members]
    cosines = np.tril(part @ part.T, k=-1)
    most = min(_NEIGHBOURS, len(members))
    nearest = np.argpartition(-cosines, most - 1, axis=1)[:, :most]
    later, column = np.nonzero(np.take_along_axis(cosines, nearest, axis=1) >= same_above)
    return np.stack((members[later], members[nearest[later, column]]), axis=1)
