"""Where a quote stands in the documents: exactly, or but for typography, or within a small distance."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.approximate import nearest
from pipeline.folding import Folded, folded
from pipeline.passages.tables import table_header
from schemas.documents import Passage
from schemas.samples import Evidence

CHARACTERS_PER_EDIT = 25  # one wrong character is forgiven in so many; fewer than that must match
MOST_EDITS = 8
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\.{3,}|…)\s*")
_AROUND = " \t\r\n\"'“”‘’«»„`"
_DIGITS = re.compile(r"\d+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Located:
    """Quotes that stand in the passages, as evidence, and those that do not, as they were claimed."""

    evidence: tuple[Evidence, ...] = ()
    unlocated: tuple[str, ...] = ()


def locate(quote: str, passages: Sequence[Passage]) -> Evidence | None:
    """Return where `quote` stands in `passages` or in what was shown with them, None where nowhere.

    The passages themselves are searched before their contexts, and in three ways, the strictest first:
    as it is; with case, spacing, hyphenation, quotation marks and dashes folded; with at most one edit per
    `CHARACTERS_PER_EDIT` characters, digits excepted, which must be the same. The evidence's quote is the
    document's own text.
    """
    quote = quote.strip(_AROUND)
    if not quote:
        return None
    places = _places(passages)
    for search in _SEARCHES:
        for place in places:
            if (span := search(quote, place)) is not None:
                return _evidence(place, span)
    return None


def locate_all(quotes: Iterable[str], passages: Sequence[Passage]) -> Located:
    """Return where `quotes` stand; a quote with an ellipsis counts as the quotes on its two sides."""
    found: dict[tuple[str, int, int], Evidence] = {}
    missing: list[str] = []
    for quote in quotes:
        parts = [part for part in _ELLIPSIS.split(quote) if part.strip(_AROUND)]
        spans = [locate(part, passages) for part in parts]
        if not spans or None in spans:
            missing.append(quote)
        for span in filter(None, spans):
            found.setdefault((span.document_id, span.start, span.end), span)
    return Located(tuple(found.values()), tuple(missing))


def _places(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages, the headers of tables cut in two, then each context once."""
    headers = [header for passage in passages if (header := table_header(passage))]
    contexts = {id(passage.context): passage.context for passage in passages if passage.context}
    return [*passages, *headers, *contexts.values()]


def _evidence(passage: Passage, span: Span) -> Evidence:
    document = passage.document
    start, end = span
    return Evidence(document.id, start, end, document.text[start:end], document.page_at(start))


def _exact(quote: str, passage: Passage) -> Span | None:
    text = passage.document.text
    for start in _starts(quote, text, passage.start, passage.end):
        if _is_whole(text, start, start + len(quote)):
            return start, start + len(quote)
    return None


def _but_for_typography(quote: str, passage: Passage) -> Span | None:
    pattern, place = folded(quote).text.strip(), _folded(passage.text)
    for start in _starts(pattern, place.text, 0, len(place.text)) if pattern else ():
        if _is_whole(place.text, start, start + len(pattern)):
            return _in_document(passage, place, start, start + len(pattern))
    return None


def _within_edits(quote: str, passage: Passage) -> Span | None:
    pattern, place = folded(quote).text.strip(), _folded(passage.text)
    most_edits = min(len(pattern) // CHARACTERS_PER_EDIT, MOST_EDITS)
    match = nearest(pattern, place.text, most_edits) if most_edits else None
    if match is None or _DIGITS.findall(pattern) != _DIGITS.findall(place.text[match.start : match.end]):
        return None
    return _in_document(passage, place, *_to_word_edges(place.text, match.start, match.end))


def _starts(pattern: str, text: str, start: int, end: int) -> Iterator[int]:
    at = text.find(pattern, start, end)
    while at >= 0:
        yield at
        at = text.find(pattern, at + 1, end)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether the span cuts no word or number in two."""
    cut_before = start > 0 and _joins(text[start - 1], text[start])
    cut_after = end < len(text) and _joins(text[end - 1], text[end])
    return not (cut_before or cut_after)


def _joins(left: str, right: str) -> bool:
    spaced = left.isascii() or right.isascii()  # Thai, Chinese and Japanese part no words with spaces
    return spaced and left.isalnum() and right.isalnum()


def _to_word_edges(text: str, start: int, end: int) -> Span:
    while start > 0 and _joins(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and _joins(text[end - 1], text[end]):
        end += 1
    return start, end


def _in_document(passage: Passage, place: Folded, start: int, end: int) -> Span:
    start, end = place.origin(start, end)
    text = passage.text[start:end]
    start += len(text) - len(text.lstrip())
    return passage.start + start, passage.start + start + len(text.strip())


@lru_cache(maxsize=16)  # the quotes of one reply are looked for in the same passages
def _folded(text: str) -> Folded:
    return folded(text)


_SEARCHES = (_exact, _but_for_typography, _within_edits)
