"""Bold lines that look like headings and are none: terms with a meaning below, labels of notes, imprints."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from parsers.pdf.paragraphs import Chunk
from parsers.pdf.table import Table

_INDENT_EM = 0.8
_SAME_EDGE_PT = 3
_LABEL = re.compile(
    r"(?:note|notes?|tip|hint|warning|caution|important|attention|danger|hinweis|achtung|warnung|wichtig|tipp"
    r"|remarque|attention|avertissement|conseil|nota|aviso|advertencia|consejo|importante|avviso|attenzione)\W*",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|mar|m[äa]r|apr|ma[iy]|jun|jul|aug|sep|oct|okt|nov|dec|dez|janv|f[ée]v|avr|juin|juil|ao[uû]t|d[ée]c"
    r"|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|out)\w*\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATE = rf"(?:(?:{_DAY}\s+)?{_MONTH}\s+(?:{_DAY},?\s+)?\d{{4}}|\d{{4}}-\d\d-\d\d)"
_VERSION = rf"(?:version|release|edition|revision|v)\s*\d[\w.~+-]*(?:\W+{_DATE})?"
_IMPRINT = re.compile(rf"(?:{_DATE}|{_VERSION}|(?:copyright|©|\(c\)).*\d{{4}}.*)\W*", re.IGNORECASE)
_NAME = re.compile(r"\s*(?:[,;&]|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s*|<[^>]*>", re.IGNORECASE)
_LETTERS = re.compile(r"[\W_]+")


def is_label(text: str) -> bool:
    """Whether a text is all there is of a note's label, such as "Warning"."""
    return bool(_LABEL.fullmatch(text))


def is_imprint(text: str) -> bool:
    """Whether a text is a date, a version or a copyright, as on title pages."""
    return bool(_IMPRINT.fullmatch(text))


def names_in(text: str) -> set[str]:
    """Return the names of people in a text that lists them, each as letters."""
    return {name for part in _NAME.split(text) if (name := _LETTERS.sub("", part or "").casefold())}


def terms_in(parts: Sequence[Chunk | Table]) -> Iterator[Chunk]:
    """Yield bold lines of the usual edge whose text stands further in, as the meanings of terms do.

    Where most text stands at that inner edge, they hang out as headings do, and are none.
    """
    edges = _edges(parts)
    for term, meaning in pairwise(parts):
        if not isinstance(term, Chunk) or not isinstance(meaning, Chunk) or not term.font.bold:
            continue
        if term.page != meaning.page or meaning.font.bold or meaning.first.baseline < term.last.baseline:
            continue
        outer, inner = term.first.start, _edge(meaning)
        if inner - outer <= _INDENT_EM * term.font.size or len(term.lines) > 1:
            continue
        if _lines_at(edges, term.page, outer) > _lines_at(edges, term.page, inner):
            yield term


def _edge(chunk: Chunk) -> float:
    """Return where the lines of a chunk begin, its first aside."""
    return min([line.start for line in chunk.lines[1:]] or [chunk.first.start])


def _edges(parts: Iterable[Chunk | Table]) -> Counter[tuple[int, int]]:
    """Count lines by the edge that they begin at, left and right pages apart."""
    edges: Counter[tuple[int, int]] = Counter()
    for part in parts:
        if isinstance(part, Chunk) and len(part.lines) > 1:
            edges[part.page % 2, round(_edge(part))] += len(part.lines)
    return edges


def _lines_at(edges: Counter[tuple[int, int]], page: int, place: float) -> int:
    return sum(edges[page % 2, round(place) + step] for step in range(-_SAME_EDGE_PT, _SAME_EDGE_PT + 1))
