"""Bold lines that look like headings and are none: terms with a meaning below, labels of notes, imprints."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from parsers.pdf.paragraphs import Chunk
from parsers.pdf.table import Table

_INDENT_EM = 0.8
_TIGHT = 1.35
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
    """Yield bold lines with text further in right below them, as terms have that a meaning follows."""
    for term, meaning in pairwise(parts):
        if isinstance(term, Chunk) and isinstance(meaning, Chunk) and _explains(term, meaning):
            yield term


def _explains(term: Chunk, meaning: Chunk) -> bool:
    if len(term.lines) > 1 or term.page != meaning.page or not term.font.bold or meaning.font.bold:
        return False
    size, step = term.font.size, meaning.first.baseline - term.last.baseline
    inner = min([line.start for line in meaning.lines[1:]] or [meaning.first.start])
    return 0 < step <= _TIGHT * size and inner - term.first.start > _INDENT_EM * size
