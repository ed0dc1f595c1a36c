"""Which vectors are worth comparing, so that not all are compared with all."""

from collections.abc import Iterator
from math import isqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

_ALL_AT_ONCE = 4000
_NEAREST_PIVOTS = 4
_PIVOTS_PER_ROOT = 2
_CHUNK = 8192


def comparable(matrix: "NDArray[float32]") -> Iterator["NDArray[int64]"]:
    """Yield sets of rows, in rising order, that are worth comparing with each other."""
    import numpy as np

    count = len(matrix)
    if count <= _ALL_AT_ONCE:
        yield np.arange(count)
        return
    size = _PIVOTS_PER_ROOT * isqrt(count)
    pivots = matrix[np.random.default_rng(0).choice(count, size, replace=False)]
    nearest = np.empty((count, _NEAREST_PIVOTS), dtype=np.int64)
    for start in range(0, count, _CHUNK):
        cosines = matrix[start : start + _CHUNK] @ pivots.T
        nearest[start : start + _CHUNK] = np.argpartition(-cosines, _NEAREST_PIVOTS, axis=1)[
            :, :_NEAREST_PIVOTS
        ]
    owners = nearest.ravel()
    by_pivot = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[by_pivot], np.arange(size + 1))
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        members = np.sort(by_pivot[start:end] // _NEAREST_PIVOTS)
        for cut in range(0, len(members), _ALL_AT_ONCE):
            yield members[cut : cut + _ALL_AT_ONCE]
