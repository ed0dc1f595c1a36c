"""What is on a PDF page, in points from its top left corner, as a reader turns it."""

from dataclasses import dataclass
from typing import NamedTuple

from parsers.pdf.lines import Line
from parsers.pdf.words import Word
from schemas.documents import Box, Link


class Rule(NamedTuple):
    """A straight horizontal or vertical line, as of a table's grid."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Whether the line runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


class Shape(NamedTuple):
    """Something drawn: `is_art` when it has curves or slanted lines, as no rule and no cell has."""

    box: Box
    is_art: bool


class Picture(NamedTuple):
    """An embedded image, or a drawing: where it stands, its encoded bytes, and the labels in it."""

    box: Box
    media_type: str
    content: bytes
    labels: tuple[str, ...] = ()


class Field(NamedTuple):
    """A field of a form, with what was filled in."""

    label: str
    value: str
    page: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as drawn. `number` is 1-based.

    `turned` are words that run in another direction than the page's. `picture_share` is how much of the page
    images cover, 0 to 1; `drawings` counts everything on it that is not text; `pinned` are names of files.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    turned: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    pictures: tuple[Picture, ...] = ()
    broken_characters: int = 0
    picture_share: float = 0.0
    drawings: int = 0
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    pinned: tuple[str, ...] = ()
    unreadable: bool = False
