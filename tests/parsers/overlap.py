"""How well an extracted text fits the true one."""

import re
from collections import Counter

_SHINGLE = 4


def f1(found: str, true: str) -> float:
    """Return the F1 of runs of four words, 0 to 1, Markdown's table bars left aside."""
    ours, theirs = shingles(found), shingles(true)
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values())) if common else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each run of four words is in a text."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))
