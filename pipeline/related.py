"""What is about related things: near in meaning, and not the same."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.pivots import comparable
from schemas.vectors import Vectors

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

_DRAWN_PAIRS = 20_000
_MOST_NEIGHBOURS = 4


@dataclass(frozen=True, slots=True)
class Band:
    """Related are two whose cosine is below `too_near`, and that are nearer than this share of random pairs.

    The lower end is no cosine, because models differ in how near they put unrelated texts.
    """

    nearer_than: float
    too_near: float


def related(ids: Sequence[str], vectors: Vectors, band: Band, seed: int) -> list[tuple[int, int]]:
    """Return pairs of places in `ids` whose vectors are related, in an order that the seed draws.

    Each goes with few others, its nearest ones. Beyond some thousands, not all are compared with all: see
    `comparable`.
    """
    import numpy as np

    there = [place for place, id_ in enumerate(ids) if id_ in vectors.places]
    if len(there) < 2:
        return []
    matrix = vectors.matrix[[vectors.places[ids[place]] for place in there]]
    least = _least_cosine(matrix, band.nearer_than, seed)
    found = [_pairs_in(matrix, members, least, band.too_near) for members in comparable(matrix)]
    pairs = np.unique(np.concatenate(found), axis=0).tolist()
    near = [(there[left], there[right]) for left, right in pairs]
    return sorted(near, key=lambda pair: _drawn(seed, ids[pair[0]], ids[pair[1]]))


def _least_cosine(matrix: "NDArray[float32]", nearer_than: float, seed: int) -> float:
    """Return the cosine that this share of random pairs stays below."""
    import numpy as np

    count = len(matrix)
    if count * (count - 1) // 2 <= _DRAWN_PAIRS:
        left, right = np.triu_indices(count, k=1)
    else:
        chance = np.random.default_rng(seed)
        left = chance.integers(count, size=_DRAWN_PAIRS)
        right = (left + chance.integers(1, count, size=_DRAWN_PAIRS)) % count
    return float(np.quantile(np.einsum("ij,ij->i", matrix[left], matrix[right]), nearer_than))


def _pairs_in(
    matrix: "NDArray[float32]", members: "NDArray[int64]", least: float, too_near: float
) -> "NDArray[int64]":
    """Return the related pairs among `members`, the smaller place first: for each its nearest ones."""
    import numpy as np

    if len(members) < 2:
        return np.empty((0, 2), dtype=np.int64)
    part = matrix[members]
    cosines = part @ part.T
    np.fill_diagonal(cosines, -1)
    cosines[cosines >= too_near] = -1
    most = min(_MOST_NEIGHBOURS, len(members) - 1)
    nearest = np.argpartition(-cosines, most - 1, axis=1)[:, :most]
    near = np.take_along_axis(cosines, nearest, axis=1)
    row, column = np.nonzero((near >= least) & (near > 0))
    return np.sort(np.stack((members[row], members[nearest[row, column]]), axis=1), axis=1)


def _drawn(seed: int, left: str, right: str) -> bytes:
    return hashlib.sha256(f"{seed}:{left}:{right}".encode()).digest()
