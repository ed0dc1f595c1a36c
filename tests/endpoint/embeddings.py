"""Vectors of the simulated endpoint: of hashed words, so that what shares most of its words is near."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

_DIMENSIONS = 256
_WORD = re.compile(r"\w+")
_LITTLE = {"a", "an", "and", "are", "at", "be", "by", "for", "in", "is", "it", "of", "on", "or", "the", "to"}
_SAME = {
    "buy": "purchase",
    "purchased": "purchase",
    "bought": "purchase",
    "start": "begin",
    "starts": "begin",
    "begins": "begin",
    "opens": "open",
    "opening": "open",
    "big": "large",
    "vessel": "ship",
    "vessels": "ship",
    "ships": "ship",
}


def vectors_of(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return one item per text, as the protocol has them."""
    return [
        {"object": "embedding", "index": place, "embedding": _vector(text)}
        for place, text in enumerate(texts)
    ]


def spoiled_vectors(data: list[dict[str, Any]], fault: str) -> list[dict[str, Any]]:
    """Return what is no set of vectors: one too few, words for numbers, or nothing."""
    if fault == "malformed":
        return data[:-1]
    return [{**item, "embedding": ["one", "two"]} for item in data] if fault == "wrong_schema" else []


def _vector(text: str) -> list[float]:
    """Return a sum over the text's words, each with a direction of its own; synonyms share one."""
    sums = [0.0] * _DIMENSIONS
    sums[0] = 0.01  # a text without words has a vector too
    for word in _WORD.findall(text.lower()):
        known = _SAME.get(word, word)
        weight = 0.2 if known in _LITTLE else 1.0
        digest = hashlib.blake2b(known.encode("utf-8", "replace"), digest_size=16).digest()
        for place in range(0, 16, 2):
            sign = 1.0 if digest[place + 1] & 1 else -1.0
            sums[digest[place] % _DIMENSIONS] += sign * weight
    return sums
