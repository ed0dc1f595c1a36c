"""Vectors of texts, as an embedding model gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Rows at length 1, of shape (texts, dimensions). `places` gives the row of each id that has one."""

    places: Mapping[str, int]
    matrix: "NDArray[float32]"
