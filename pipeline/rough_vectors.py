"""Vectors of hashed words, which tell about how many passages a model's vectors will relate."""

import zlib
from collections.abc import Sequence

from pipeline.facts.words import content_stems
from schemas.documents import Passage
from schemas.vectors import Vectors

_DIMENSIONS = 256


def rough_vectors(passages: Sequence[Passage]) -> Vectors:
    """Return a row for each passage, from the words that carry its meaning."""
    import numpy as np

    matrix = np.zeros((len(passages), _DIMENSIONS), dtype=np.float32)
    for row, passage in enumerate(passages):
        for stem in content_stems(passage.text):
            digest = zlib.crc32(stem.encode())
            matrix[row, digest % _DIMENSIONS] += 1 if digest >> 16 & 1 else -1
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(lengths, lengths, 1)
    return Vectors({passage.id: row for row, passage in enumerate(passages)}, matrix)
