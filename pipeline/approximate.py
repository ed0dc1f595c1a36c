"""Approximate search: where a pattern stands in a text within a number of edits."""

from collections.abc import Iterator
from dataclasses import dataclass

_MOST_WINDOWS = 32


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of a text, and how many insertions, deletions and replacements part it from the pattern."""

    start: int
    end: int
    edits: int


def nearest(pattern: str, text: str, most_edits: int) -> Match | None:
    """Return the stretch of `text` nearest to `pattern`, None where none is within `most_edits`.

    A text within k edits holds one of k + 1 parts of the pattern unchanged (the pigeonhole principle), so
    only windows around such parts are measured, the first `_MOST_WINDOWS` of them.
    """
    best: Match | None = None
    for start, end in _windows(pattern, text, most_edits):
        match = _best_in(pattern, text, start, end)
        if match.edits <= most_edits and (best is None or match.edits < best.edits):
            best = match
    return best


def _windows(pattern: str, text: str, most_edits: int) -> Iterator[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    size = len(pattern) // (most_edits + 1)
    for offset in range(0, size * (most_edits + 1), size) if size else ():
        at = text.find(pattern[offset : offset + size])
        while at >= 0 and len(seen) < _MOST_WINDOWS:
            start = max(0, at - offset - most_edits)
            window = start, min(len(text), at - offset + len(pattern) + most_edits)
            if window not in seen:  # several may begin at 0
                seen.add(window)
                yield window
            at = text.find(pattern[offset : offset + size], at + 1)


def _best_in(pattern: str, text: str, start: int, end: int) -> Match:
    forwards = _best_end(pattern, text[start:end])
    stop = start + forwards.end
    backwards = _best_end(pattern[::-1], text[start:stop][::-1])
    return Match(stop - backwards.end, stop, forwards.edits)


def _best_end(pattern: str, text: str) -> Match:
    """Return the match with the fewest edits, of which only `end` is known: Myers, J. ACM 46 (1999) 395."""
    ones, high = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    places: dict[str, int] = {}
    for index, character in enumerate(pattern):
        places[character] = places.get(character, 0) | 1 << index
    plus, minus, edits = ones, 0, len(pattern)
    best = Match(0, 0, edits)
    for end, character in enumerate(text, start=1):
        equal = places.get(character, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        rising = minus | ~(horizontal | plus) & ones
        falling = plus & horizontal
        edits += bool(rising & high) - bool(falling & high)
        rising, falling = rising << 1, falling << 1
        plus = (falling | ~(vertical | rising)) & ones
        minus = rising & vertical & ones
        if edits < best.edits:
            best = Match(0, end, edits)
    return best
