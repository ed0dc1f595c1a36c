"""What is read: sources, documents, and the passages cut from them."""

import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter

_BLOCK_BYTES = 200
_START, _END = attrgetter("start"), attrgetter("end")


class BlockKind(StrEnum):
    """What a stretch of a document's text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    FOOTNOTE = "footnote"


class PageQuality(StrEnum):
    """Why a page deserves a second look."""

    NO_TEXT_LAYER = "no_text_layer"
    GARBLED = "garbled"
    MOSTLY_TABLE = "mostly_table"
    BOILERPLATE = "boilerplate"
    ATTACHMENT = "attachment"
    ADDRESSES_MODEL = "addresses_model"
    TRANSCRIBED = "transcribed"


@dataclass(frozen=True, slots=True)
class Source:
    """One file or page to read. `uri` is what the user would recognise; `sha256` is of its bytes."""

    uri: str
    media_type: str
    sha256: str
    size_bytes: int
    title: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Document.text`, in reading order.

    `page` is 1-based, None where the format has no pages. `level` is 1 to 6 for headings, the nesting
    depth from 0 for list items, and 0 otherwise. A table's text is a Markdown table.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of a document, with its encoded bytes."""

    id: str
    media_type: str
    content: bytes = field(repr=False)
    page: int | None = None
    box: Box | None = None
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageNote:
    """What is wrong with a page. `page` is 1-based."""

    page: int
    quality: PageQuality
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of a document's own table of contents. `level` starts at 1, `page` is 1-based."""

    title: str
    level: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page leads to, and where on the page. `page` is 1-based."""

    address: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself. Dates are ISO 8601; an empty string is unknown."""

    title: str = ""
    author: str = ""
    created: str = ""
    modified: str = ""
    canonical_url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A source's canonical text, and what is known of its structure.

    Blocks are sorted, do not overlap, and hold all of `text` but the white space between them.
    `language` is an ISO 639-1 code where it is known. `page_labels` are what the pages call themselves, such
    as "iv", in their order; empty where they are only counted. `links` lead out of the document; their
    addresses are not in the text.
    """

    source: Source
    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False, default=())
    figures: tuple[Figure, ...] = field(repr=False, default=())
    page_notes: tuple[PageNote, ...] = ()
    outline: tuple[OutlineEntry, ...] = field(repr=False, default=())
    metadata: Metadata = Metadata()
    language: str | None = None
    page_count: int | None = None
    page_labels: tuple[str, ...] = field(repr=False, default=())
    links: tuple[Link, ...] = field(repr=False, default=())
    _id: str = field(init=False, repr=False, compare=False, default="")
    _paged: tuple[Block, ...] | None = field(init=False, repr=False, compare=False, default=None)

    @property
    def id(self) -> str:
        """The document's content address: it changes with the source's bytes and with its parsed text."""
        if not self._id:
            digest = hashlib.sha256(self.source.sha256.encode())
            digest.update(self.text.encode("utf-8", "surrogatepass"))
            object.__setattr__(self, "_id", digest.hexdigest()[:16])  # asked for with every sample
        return self._id

    @property
    def title(self) -> str:
        """The title that the document states, else the one its source suggests."""
        return self.metadata.title or self.source.title

    @property
    def has_text(self) -> bool:
        """Whether there is anything to read without eyes."""
        return bool(self.text.strip())

    @property
    def memory_bytes(self) -> int:
        """About how much memory the document takes."""
        pictures = sum(len(figure.content) for figure in self.figures)
        return len(self.text) + _BLOCK_BYTES * len(self.blocks) + pictures

    @property
    def textless_pages(self) -> tuple[int, ...]:
        """The 1-based pages that only a vision model can read."""
        return tuple(note.page for note in self.page_notes if note.quality is PageQuality.NO_TEXT_LAYER)

    def page_at(self, offset: int) -> int | None:
        """Return the 1-based page on which the character at `offset` stands, None without pages."""
        if self._paged is None:
            paged = tuple(block for block in self.blocks if block.page is not None)
            object.__setattr__(self, "_paged", paged)  # asked for with every piece of evidence
        assert self._paged is not None
        before = bisect_right(self._paged, offset, key=_START)
        return self._paged[before - 1].page if before else None

    def blocks_between(self, start: int, end: int) -> tuple[Block, ...]:
        """Return the blocks that have text between two offsets, in reading order."""
        first, last = bisect_right(self.blocks, start, key=_END), bisect_left(self.blocks, end, key=_START)
        return self.blocks[first:last]

    def block_text(self, block: Block) -> str:
        """Return the text of one of this document's blocks."""
        return self.text[block.start : block.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document, cut on its structure, or all of it.

    `headings` is the path of headings above `start`, outermost first. `tokens` is an estimate. `context` is
    the larger passage that a model is shown with it, as in whole-document mode; None shows the passage alone.
    """

    document: Document = field(repr=False)
    start: int
    end: int
    headings: tuple[str, ...] = ()
    tokens: int = 0
    context: "Passage | None" = field(repr=False, default=None)

    @property
    def id(self) -> str:
        """The passage's content address."""
        return f"{self.document.id}:{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """The passage's text: `document.text[start:end]`."""
        return self.document.text[self.start : self.end]

    @property
    def shown(self) -> "Passage":
        """What a model sees: the context where there is one, else the passage itself."""
        return self.context or self

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The document's blocks that lie wholly inside the passage, in reading order."""
        blocks = self.document.blocks
        first, last = bisect_left(blocks, self.start, key=_START), bisect_right(blocks, self.end, key=_END)
        return blocks[first:last]
