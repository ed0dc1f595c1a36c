"""Running headers, footers and page numbers: found by their place and their return, and taken out."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import NamedTuple

from parsers.pdf.columns import segments
from parsers.pdf.headings import LARGER, body_size
from parsers.pdf.lines import Line

_MARGIN_SHARE = 0.14
_LINES_PER_MARGIN = 3
_SAME_PLACE_PT = 6.0
_IN_STEP, _IN_STEP_SHARE = 3, 0.25
_RAISED = 0.9
_MOST_EMPTIED = 0.5
_HEAD_GAP_EM, _MIN_PART_CHARACTERS = 3.0, 8
_NUMERAL = re.compile(r"\d+")
_NUMBER = re.compile(
    r"^\W*(?:page|seite|p\.)?\s*(?P<number>\d{1,4}|[ivxlc]{1,7})\s*(?:(?:/|of|von|de)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_LEFT_BLANK = re.compile(r"\W*this page (?:is |has been )?intentionally left blank\W*", re.IGNORECASE)
_LINES_PER_BLANK = 6
_FIRST_NUMBER, _LAST_NUMBER = re.compile(r"^(\d{1,4})(?!\.?\d)"), re.compile(r"(?<![\d.])(\d{1,4})$")


class _Candidate(NamedTuple):
    """A line in a page's margin. `steps` is how far numbers at its edges are ahead of the page's count.

    `parts` are its text, and what stands at its edges where wide gaps part them, small and without numbers.
    """

    page: int
    line: int
    place: int
    size: float
    text: str
    parts: frozenset[str]
    steps: frozenset[int]


def without_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the lines of each page without those that only repeat from page to page."""
    candidates = [
        candidate
        for page, (lines, height) in enumerate(zip(pages, heights, strict=True))
        for candidate in _candidates(page, lines, height)
    ]
    largest = LARGER * body_size(chain.from_iterable(pages))
    numbers = {(one.page, one.line) for one in candidates if _NUMBER.match(one.text)}
    numbers |= {
        (page, index)
        for page, lines in enumerate(pages)
        for index, line in enumerate(lines)
        if len(lines) <= _LINES_PER_BLANK and _LEFT_BLANK.fullmatch(line.text)
    }
    heads = [*_in_step(candidates, largest), *_repeated(candidates, len(pages))]
    dropped = numbers.union((one.page, one.line) for one in heads)
    if _emptied(pages, dropped) - _emptied(pages, numbers) > _MOST_EMPTIED * len(pages):
        dropped = numbers
    return [
        [line for index, line in enumerate(lines) if (page, index) not in dropped]
        for page, lines in enumerate(pages)
    ]


def _candidates(page: int, lines: Sequence[Line], height: float) -> Iterator[_Candidate]:
    """Yield the outermost lines in the page's upper and lower margin."""
    upper, lower = _MARGIN_SHARE * height, (1 - _MARGIN_SHARE) * height
    top = sorted((line.top, index) for index, line in enumerate(lines) if line.bottom < upper)
    bottom = sorted((line.top, index) for index, line in enumerate(lines) if line.top > lower)
    outermost = {index for _, index in (*top[:1], *bottom[-1:])}
    for _, index in {*top[:_LINES_PER_MARGIN], *bottom[-_LINES_PER_MARGIN:]}:
        line = lines[index]
        place, steps = round(line.top / _SAME_PLACE_PT), frozenset(_steps(line, page))
        parts = frozenset(_parts(line, is_outermost=index in outermost))
        yield _Candidate(page, index, place, line.font.size, line.text, parts, steps)


def _parts(line: Line, *, is_outermost: bool) -> Iterator[str]:
    """Yield a line's text as it is compared, and each edge of a head that holds a chapter and a section."""
    yield _NUMERAL.sub("#", line.text.lower())
    if is_outermost and line.is_gapped:
        split = segments(line.words, _HEAD_GAP_EM)
        for part in (split[0], split[-1]):
            text = _NUMERAL.sub("#", " ".join(word.text for word in part).lower())
            if len(text) >= _MIN_PART_CHARACTERS:
                yield f"{part is split[0]} {text}"


def _emptied(pages: Sequence[Sequence[Line]], dropped: set[tuple[int, int]]) -> int:
    """Count the pages of which nothing would be left."""
    lost = Counter(page for page, _ in dropped)
    return sum(lost[page] == len(lines) > 0 for page, lines in enumerate(pages))


def _repeated(candidates: Sequence[_Candidate], page_count: int) -> Iterator[_Candidate]:
    """Yield lines whose text, numbers aside, stands at the same place of several pages."""
    needed = 2 if page_count < 6 else 3
    pages: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for candidate in candidates:
        for part, place in product(candidate.parts, _near(candidate)):
            pages[part][place].add(candidate.page)
    for candidate in candidates:
        if any(len(pages[part][candidate.place]) >= needed for part in candidate.parts):
            yield candidate


def _in_step(candidates: Sequence[_Candidate], largest: float) -> Iterator[_Candidate]:
    """Yield lines that hold a number at their edge, at one place and in step with the pages.

    A numbered heading in larger type than `largest` stays: sections of one page each are in step too. So do
    lines at a place where few are in step, such as numbered notes.
    """
    seen = Counter((step, place) for one in candidates for step in one.steps for place in _near(one))
    lines = Counter(place for one in candidates for place in _near(one))
    for candidate in candidates:
        needed = max(_IN_STEP, _IN_STEP_SHARE * lines[candidate.place])
        in_step = any(seen[step, candidate.place] >= needed for step in candidate.steps)
        if in_step and candidate.size <= largest:
            yield candidate


def _near(candidate: _Candidate) -> range:
    """Return the places that count as the candidate's own."""
    return range(candidate.place - 1, candidate.place + 2)


def _steps(line: Line, page: int) -> Iterator[int]:
    """Yield how far numbers at the edges of a line, but no marks of notes, are ahead of the page's count."""
    first, last = _FIRST_NUMBER.match(line.text), _LAST_NUMBER.search(line.text)
    if first and line.first_font.size >= _RAISED * line.font.size:
        yield int(first[1]) - page
    if last:
        yield int(last[1]) - page
