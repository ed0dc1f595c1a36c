"""A table found on a page, and what rows and cells are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.pdf.lines import Line, line_of, lines_of
from parsers.pdf.splitting import HYPHEN
from parsers.pdf.words import Word, Words
from schemas.documents import Box


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cell texts, top to bottom. The first row is the header."""

    rows: tuple[tuple[str, ...], ...]
    page: int
    box: Box


Item = Line | Table


def cell_text(words: Sequence[Word]) -> str:
    """Return the words of a cell as one line, with broken words made whole."""
    if len(words) < 2:
        return words[0].text if words else ""
    text = ""
    for line in lines_of(Words.of(words), 0):
        text = text.removesuffix(HYPHEN) + line.text if text.endswith(HYPHEN) else f"{text} {line.text}"
    return text.strip()


def bands(words: Iterable[Word]) -> list[list[Word]]:
    """Return the words grouped by the height they stand at, top to bottom, each group in content order."""
    groups: list[tuple[float, float, list[tuple[int, Word]]]] = []
    for order, word in sorted(enumerate(words), key=lambda item: item[1].top + item[1].bottom):
        middle = (word.top + word.bottom) / 2
        if groups and groups[-1][0] <= middle <= groups[-1][1]:
            groups[-1][2].append((order, word))
        else:
            groups.append((word.top, word.bottom, [(order, word)]))
    return [[word for _, word in sorted(group)] for _, _, group in groups]


def box_of(words: Iterable[Word]) -> Box:
    """Return the rectangle around the words."""
    return line_of(list(words), 0).box
