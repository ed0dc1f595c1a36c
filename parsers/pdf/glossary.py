"""Glossaries without rules: bold terms at one edge, each with its meaning at another."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from parsers.pdf.columns import segments
from parsers.pdf.lines import Line, line_of
from parsers.pdf.table import Item
from parsers.pdf.words import Word

_MIN_ENTRIES = 3
_MIN_GAP_EM, _MIN_CODE_GAP_EM = 0.3, 1.0
_SAME_EDGE_PT = 1.5
_MARK = "•"
_COMMENTS = ("#", "%", "//", ";")


class _Edges(NamedTuple):
    """Where terms and meanings begin, in steps of what counts as one edge."""

    term: int
    meaning: int


def with_glossaries(items: Sequence[Item]) -> list[Item]:
    """Return the items of a page with the lines of glossaries as list items, "term: meaning"."""
    glossaries = _glossaries(items)
    if not glossaries:
        return list(items)
    result: list[Item] = []
    for item in items:
        if not isinstance(item, Line):
            result.append(item)
            continue
        term = _unexplained(result[-1], item, glossaries) if result else None
        if term is not None:
            result[-1] = _entry(term, item.words, item.page)
            continue
        split = _split(item)
        known = split and _edges(item, split) in glossaries
        result.append(_entry(item.words[:split], item.words[split:], item.page) if known else item)
    return result


def is_entry(line: Line) -> bool:
    """Whether a line is an entry of a glossary."""
    return line.marker == _MARK


def _glossaries(items: Sequence[Item]) -> set[_Edges]:
    """Return the edges that several lines share, without those below a header: such lines are a table."""
    counts: Counter[_Edges] = Counter()
    bold: list[Line] = []
    for item in items:
        if not isinstance(item, Line):
            continue
        split = _split(item)
        if split:
            counts[_edges(item, split)] += 1
        elif item.font.bold:
            bold.append(item)
    found = {edges for edges, count in counts.items() if count >= _MIN_ENTRIES}
    headers = {_place(word.left) for line in bold for word in line.words[1:]} if found else set()
    return {edges for edges in found if edges.meaning not in headers}


def _split(line: Line) -> int:
    """Return how many bold words stand before a gap and plain words, 0 when the line is not of that form.

    So do words of code, before a gap that is the only wide one.
    """
    if line.is_uniform or line.font.mono:
        return 0
    if line.first_font.mono and line.is_gapped:
        parts = segments(line.words, _MIN_CODE_GAP_EM)
        term = len(parts[0])
        is_code = all(word.font.mono for word in parts[0]) and parts[0] == list(line.words[:term])
        meaning = parts[1] if len(parts) == 2 else []
        is_explained = any(map(str.isalpha, "".join(word.text for word in meaning)))
        return term if is_code and is_explained and not meaning[0].text.startswith(_COMMENTS) else 0
    if not line.first_font.bold:
        return 0
    bold = next((index for index, word in enumerate(line.words) if not word.font.bold), 0)
    if not bold or any(word.font.bold for word in line.words[bold:]):
        return 0
    gap = line.words[bold].left - line.words[bold - 1].right
    return bold if gap > _MIN_GAP_EM * line.font.size else 0


def _edges(line: Line, split: int) -> _Edges:
    return _Edges(_place(line.words[0].left), _place(line.words[split].left))


def _place(left: float) -> int:
    return round(left / _SAME_EDGE_PT)


def _unexplained(above: Item, below: Line, glossaries: set[_Edges]) -> Sequence[Word] | None:
    """Return the term that fills the line above its meaning, None when these are no such lines."""
    if not isinstance(above, Line) or not above.font.bold or below.font.bold:
        return None
    if _Edges(_place(above.left), _place(below.left)) not in glossaries:
        return None
    return above.words if 0 < below.baseline - above.baseline < 2 * below.font.size else None


def _entry(term: Sequence[Word], meaning: Sequence[Word], page: int) -> Line:
    first = term[0]
    mark = first._replace(text=_MARK, right=first.left)
    named = [mark, first._replace(spaced=True), *term[1:]]
    if not named[-1].text.endswith((":", "–", "—", ".")):
        named[-1] = named[-1]._replace(text=f"{named[-1].text}:")
    return line_of((*named, meaning[0]._replace(spaced=True), *meaning[1:]), page)
