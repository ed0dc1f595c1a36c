"""Passages of bounded size, cut between sections where they fit, else between paragraphs or sentences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.passages.headings import HeadingPaths
from pipeline.passages.pieces import Cutter, Piece
from schemas.documents import Document, Passage


def chunks(
    document: Document, count: Callable[[str], int], max_tokens: int, overlap_tokens: int = 0
) -> tuple[Passage, ...]:
    """Return passages of at most `max_tokens` tokens, in reading order, that cover the whole document.

    With `overlap_tokens`, a passage begins with the last sentences of the one before it, up to so many
    tokens, unless a heading parts them.
    """
    cutter = Cutter(document, count, max_tokens - overlap_tokens)
    groups = [
        part
        for section in _merged(_sections(cutter.pieces()), max_tokens - overlap_tokens)
        for part in _balanced(section, max_tokens - overlap_tokens)
    ]
    starts = _starts(groups, cutter, overlap_tokens)
    paths = HeadingPaths(document)
    return tuple(
        _passage(document, count, start, group[-1].end, paths)
        for start, group in zip(starts, groups, strict=True)
    )


def _passage(
    document: Document, count: Callable[[str], int], start: int, end: int, paths: HeadingPaths
) -> Passage:
    text = document.text[start:end]
    first, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
    line = document.text.rfind("\n", 0, first) + 1  # the indent of a line of code stays with it
    start = line if line >= start else first
    return Passage(document, start, end, paths.above(start), count(text))


def _sections(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """Yield runs that start with headings and hold at least one piece that is none, but for the last."""
    section: list[Piece] = []
    for piece in pieces:
        if piece.level and section and not section[-1].level:
            yield section
            section = []
        section.append(piece)
    if section:
        yield section


def _merged(sections: Iterable[list[Piece]], max_tokens: int) -> Iterator[list[Piece]]:
    """Join neighbouring sections while they fit; a heading that outranks the group's own parts them."""
    group: list[Piece] = []
    size = 0
    for section in sections:
        tokens = _tokens(section)
        outranks = bool(group and section[0].level and section[0].level < (group[0].level or 7))
        fits = size + tokens <= max_tokens
        if group and (not fits or (outranks and size >= max_tokens / 4)):
            yield group
            group, size = [], 0
        group.extend(section)
        size += tokens
    if group:
        yield group


def _balanced(section: list[Piece], max_tokens: int) -> Iterator[list[Piece]]:
    """Cut a section that is too large into parts of about one size, never right after a heading."""
    total = _tokens(section)
    target = total / max(1, -(-total // max_tokens))
    part: list[Piece] = []
    size = 0
    for piece in section:
        if part and (size + piece.tokens > max_tokens or size >= target):
            headings = _trailing_headings(part)
            if len(headings) < len(part) and _tokens(headings) + piece.tokens <= max_tokens:
                yield part[: len(part) - len(headings)]
                part = headings
            else:
                yield part
                part = []
            size = _tokens(part)
        part.append(piece)
        size += piece.tokens
    yield part


def _trailing_headings(part: list[Piece]) -> list[Piece]:
    count = next((index for index, piece in enumerate(reversed(part)) if not piece.level), len(part))
    return part[len(part) - count :]


def _tokens(pieces: Sequence[Piece]) -> int:
    return sum(piece.tokens for piece in pieces)


def _starts(groups: Sequence[list[Piece]], cutter: Cutter, overlap_tokens: int) -> list[int]:
    starts = [group[0].start for group in groups]
    if not overlap_tokens:
        return starts
    for index, (before, group) in enumerate(pairwise(groups), start=1):
        if group[0].level:
            continue
        budget_tokens = overlap_tokens
        for part in reversed(cutter.parts(before[0].start, before[-1].end)):
            budget_tokens -= part.tokens
            if budget_tokens < 0:
                break
            starts[index] = part.start
    return starts
