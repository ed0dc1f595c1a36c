"""A parser: bytes in, a document out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.documents import Document, Source


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What a user can say about reading. `text_field` names the text of a JSON record."""

    passwords: tuple[str, ...] = field(repr=False, default=())
    comments: bool = False
    text_field: str = "text"


Parse = Callable[[bytes, Source, ParseOptions], Document]


@dataclass(frozen=True, slots=True)
class ParserEntry:
    """A parser and what it reads. Suffixes are lower case, with their dot.

    `parse` raises `UnreadableDocument` with a reason for the ledger; anything else is a crash of the child
    process that it runs in.
    """

    parse: Parse
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    summary: str = ""
