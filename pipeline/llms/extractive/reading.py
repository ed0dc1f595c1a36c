"""A passage as rules read it: sections, their blocks, and sentences that are verbatim slices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.passages.tables import cut_tables
from schemas.documents import Block, BlockKind, Document, Passage
from schemas.text import whole_text

# The sentence splitter needs quadratic time on unclosed brackets: 8,000 of them cost some 20 ms.
_WINDOW_CHARACTERS = 8_000
_AROUND = 10_000
_MAX_SENTENCE_CHARACTERS = 600  # longer ones make no question, and cost patterns quadratic time
_ABBREVIATIONS = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|cf|approx|ca|no|nos|art|sec|fig|par|vs|dr|mr|mrs|ms|prof|st|capt|[A-Z])\.\s*$",
    re.IGNORECASE,
)
_FOOTNOTE_MARK = re.compile(r"^\s*(?:\[\^?\w{1,3}\]:?|\d{1,2}(?=[A-Z\s])|[*†‡])\s*")
_NUMBERING = re.compile(
    r"^(?:#{1,6}\s+)?(?:(?:\d+(?:\.\d+)*|[A-Z]|[IVX]+)[.)]\s+|\d{1,2}(?:\.\d+)*\s+(?=[A-Z])|§\s*\d+\s+)?"
)
_LONE_WORD = re.compile(r"(?:^|(?<=\n\n))\w+(?=\n\n|\s*$)")
_MARKS = re.compile(r"\[\^?\w{1,3}\]|(?<!\w)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\w)|(?<=[a-z.,;)])[¹²³⁴-⁹†‡]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose. `quote` stands in the document's text at `start`; `text` is its one-line form."""

    quote: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under one heading path. `heading` is the innermost one, empty above the first."""

    heading: str
    blocks: tuple[Block, ...]


class Reading:
    """A passage, its sections, and the words in it."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.document: Document = passage.document

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The passage cut at its headings, in reading order."""
        found: list[Section] = []
        heading = plain_heading(self.passage.headings[-1]) if self.passage.headings else ""
        blocks: list[Block] = []
        for block in self._blocks:
            if block.kind is BlockKind.HEADING:
                found.append(Section(heading, tuple(blocks)))
                heading, blocks = plain_heading(self.quote(block)), []
            else:
                blocks.append(block)
        found.append(Section(heading, tuple(blocks)))
        return tuple(section for section in found if section.blocks)

    @cached_property
    def cut_tables(self) -> tuple[Block, ...]:
        """What the passage holds of tables that go on before or behind it."""
        return tuple(cut_tables(self.passage))

    @property
    def _blocks(self) -> list[Block]:
        return sorted((*self.passage.blocks, *self.cut_tables), key=lambda block: block.start)

    @cached_property
    def prose(self) -> str:
        """The text of the passage's paragraphs and list items."""
        kinds = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        return "\n".join(self.quote(block) for block in self.passage.blocks if block.kind in kinds)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words in and around the passage, as they are written.

        One that is all of its block, as a picture's label, does not tell how it is written in a sentence.
        """
        start, end = max(0, self.passage.start - _AROUND), self.passage.end + _AROUND
        return frozenset(re.findall(r"\w+", _LONE_WORD.sub("", self.document.text[start:end])))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that the prose writes with a capital inside a sentence."""
        return frozenset(re.findall(r"(?<=[a-z,] )[A-Z]\w+", self.prose))

    def quote(self, block: Block) -> str:
        """Return a block's text as it stands in the document."""
        return self.document.block_text(block)

    def sentences(self, section: Section) -> Iterator[Sentence]:
        """Yield the sentences of a section's paragraphs and footnotes, but for overlong ones."""
        for block in section.blocks:
            if block.kind in (BlockKind.PARAGRAPH, BlockKind.FOOTNOTE):
                text = self.quote(block)
                mark = _FOOTNOTE_MARK.match(text) if block.kind is BlockKind.FOOTNOTE else None
                skipped = mark.end() if mark else 0
                found = sentences(text[skipped:], block.start + skipped, self.document.language or "en")
                yield from (one for one in found if len(one.quote) <= _MAX_SENTENCE_CHARACTERS)


def sentences(text: str, offset: int, language: str) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph that stands at `offset`."""
    window = 0
    while window < len(text):
        piece = text[window : window + _WINDOW_CHARACTERS]
        starts = _sentence_starts(piece, language)
        rest = window + len(piece) < len(text)
        ends = starts[1:] if rest and len(starts) > 1 else [*starts[1:], len(piece)]
        for start, end in zip(starts, ends, strict=False):
            yield from _sentence(piece[start:end], offset + window + start)
        window += ends[-1]


def _sentence_starts(piece: str, language: str) -> list[int]:
    """Return where sentences start, those that the splitter cuts after an abbreviation joined."""
    from sentencex import get_sentence_boundaries

    starts = [found["start_index"] for found in get_sentence_boundaries(language, whole_text(piece))]
    return [
        start
        for start in starts
        if start == 0 or not _ABBREVIATIONS.search(piece[max(0, start - 12) : start])
    ] or [0]


def _sentence(whole: str, start: int) -> Iterator[Sentence]:
    quote = whole.strip()
    if quote:
        yield Sentence(quote, plain(quote), start + len(whole) - len(whole.lstrip()))


def plain(text: str) -> str:
    """Return `text` on one line, without emphasis and footnote marks."""
    return " ".join(_MARKS.sub("", text).split())


def plain_heading(text: str) -> str:
    """Return a heading without its number, marks, and ornaments in front."""
    bare = plain(_NUMBERING.sub("", text.strip(), count=1)).rstrip(":.")
    return re.sub(r"^[^\w\"“(§]+", "", bare)
