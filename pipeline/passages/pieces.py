"""What a document may be cut into: blocks, and the sentences, rows and lines within them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from operator import itemgetter
from unicodedata import category

from schemas.documents import Block, BlockKind, Document

Span = tuple[int, int]
_BY_LINE = frozenset({BlockKind.TABLE, BlockKind.CODE})
_LINE = re.compile(r"[^\n]*\n?")
_CLAUSE = re.compile(r".+?(?:[,;:،；，、]\s+|\n|$)", re.DOTALL)
_WORD = re.compile(r"\s*\S+\s*")
_MARKS = 8  # at most, on one letter
_WINDOW_CHARACTERS = 20_000  # the sentence splitter needs quadratic time where quotation marks do not close
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that is kept together. `level` is a heading's, 0 for everything else."""

    start: int
    end: int
    tokens: int
    level: int = 0


class Cutter:
    """Cuts one document into pieces, none larger than `max_tokens`."""

    def __init__(self, document: Document, count: Callable[[str], int], max_tokens: int) -> None:
        self._document = document
        self._count = count
        self._max_tokens = max_tokens
        self._last: tuple[Block, Sequence[Span]] | None = None

    def pieces(self) -> Iterator[Piece]:
        """Yield pieces in reading order: blocks where they are small enough, else their parts."""
        for block in _blocks_with_gaps(self._document):
            piece = self._piece(block.start, block.end)
            if piece.tokens <= self._max_tokens:
                level = block.level if block.kind is BlockKind.HEADING else 0
                yield replace(piece, level=level)
            else:
                yield from self._split(block)

    def parts(self, start: int, end: int) -> list[Piece]:
        """Return the smallest pieces between `start` and `end`: sentences, items, rows and lines."""
        return [
            self._piece(*span)
            for block in _blocks_with_gaps(self._document, start, end)
            for span in self._spans_within(block, start, end)
        ]

    def _spans_within(self, block: Block, start: int, end: int) -> Sequence[Span]:
        """Return the parts of a block between two offsets. A large block is asked for many times in a row."""
        if self._last is None or self._last[0] != block:
            self._last = block, list(_parts(self._document, block))
        spans = self._last[1]
        first = bisect_left(spans, start, key=itemgetter(0))
        return spans[first : bisect_right(spans, end, key=itemgetter(1))]

    def _piece(self, start: int, end: int) -> Piece:
        return Piece(start, end, self._count(self._document.text[start:end]) + 1)

    def _split(self, block: Block) -> Iterator[Piece]:
        for start, end in _parts(self._document, block):
            yield from self._within_limit(start, end, [_CLAUSE, _WORD])

    def _within_limit(self, start: int, end: int, finer: list[re.Pattern[str]]) -> Iterator[Piece]:
        """Yield the span, or where one sentence or row is too large alone: clauses, words, halves."""
        piece = self._piece(start, end)
        if piece.tokens <= self._max_tokens or end - start <= 1:
            yield piece
        elif finer:
            for found in finer[0].finditer(self._document.text, start, end):
                yield from self._within_limit(*found.span(), finer[1:])
        else:
            count = min(-(-piece.tokens // self._max_tokens) + 1, end - start)
            bounds = [start + (end - start) * number // count for number in range(count + 1)]
            kinder = [start, *(self._behind_marks(bound, end) for bound in bounds[1:-1]), end]
            rises = all(one < other for one, other in pairwise(kinder))
            for part in pairwise(kinder if rises else bounds):
                yield from self._within_limit(*part, finer)

    def _behind_marks(self, place: int, end: int) -> int:
        """Return where the signs end that stand on the letter before `place`: vowels, tones, accents."""
        text = self._document.text
        marks = takewhile(
            lambda at: category(text[at]).startswith("M"), range(place, min(end, place + _MARKS))
        )
        return place + len(list(marks))


def _blocks_with_gaps(document: Document, start: int = 0, end: int | None = None) -> Iterator[Block]:
    """Yield the blocks that reach into a stretch, and a paragraph for text in it that no block claims."""
    end = len(document.text) if end is None else end
    position = start
    for block in (*document.blocks_between(start, end), Block(BlockKind.PARAGRAPH, end, end)):
        unclaimed = document.text[position : block.start]
        if unclaimed.strip():
            at = position + len(unclaimed) - len(unclaimed.lstrip())
            yield Block(BlockKind.PARAGRAPH, at, at + len(unclaimed.strip()))
        if block.end > block.start:
            yield block
        position = max(position, block.end)


def _parts(document: Document, block: Block) -> Iterator[Span]:
    """Yield the sentences of a block, the rows of a table (its header as one) or the lines of code."""
    text = document.block_text(block)
    if block.kind in _BY_LINE:
        spans = [found.span() for found in _LINE.finditer(text) if found.end() > found.start()]
        if block.kind is BlockKind.TABLE and len(spans) > 2 and _TABLE_RULE.match(text[slice(*spans[1])]):
            spans = [(0, spans[2][1]), *spans[3:]]
    elif block.kind is BlockKind.LIST_ITEM:
        spans = [(0, len(text))]
    else:
        spans = list(sentence_spans(text, document.language))
    return ((block.start + start, block.start + end) for start, end in spans)


def sentence_spans(text: str, language: str | None) -> Iterator[Span]:
    """Yield where the sentences of `text` stand, white space after them included."""
    position = 0
    while position < len(text):
        window = text[position : position + _WINDOW_CHARACTERS]
        spans = list(_sentences(window, language))
        if position + len(window) < len(text):  # the last one may go on
            spans = spans[:-1] or [(0, _last_break(window))]
        yield from ((position + start, position + end) for start, end in spans)
        position += spans[-1][1]


def _last_break(text: str) -> int:
    """Return where the last line of `text` begins, else its last word: what is so long is no sentence."""
    return text.rfind("\n") + 1 or text.rfind(" ") + 1 or len(text)


def _sentences(text: str, language: str | None) -> Iterator[Span]:
    import sentencex

    position = 0
    for sentence in sentencex.segment(language or "en", text):
        end = position + len(sentence)
        if text[position:end] != sentence:  # the segmenter changed a character: keep the rest whole
            break
        yield position, end
        position = end
    if position < len(text):
        yield position, len(text)
