"""Overlong paragraphs in stretches: what runs on for pages is no paragraph, and no passage could hold it."""

import re
from collections.abc import Iterator

_LONGEST = 4_000
_ENOUGH = 1_500
_INK = re.compile(r"\S")
_BREAKS = (
    re.compile(r"[.!?…][\"'”’»)\]]*\s+(?![a-z])|[。！？][”’」』）]*\s*"),  # full-width marks
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a paragraph stand: all of it, or an overlong one cut at ends of sentences.

    Where no sentence ends, it is cut between lines, else between words, else anywhere. White space at its own
    ends is not expected.
    """
    start = 0
    while len(text) - start > _LONGEST:
        within = text[start + _ENOUGH : start + _LONGEST]
        found = next(filter(None, (pattern.search(within) for pattern in _BREAKS)), None)
        end = start + (_ENOUGH + found.end() if found else _LONGEST)
        yield start, start + len(text[start:end].rstrip())
        ink = _INK.search(text, end)
        start = ink.start() if ink else len(text)
    yield start, len(text)
