"""Running headers, footers and page numbers: found by their place and their return, and taken out."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from parsers.pdf.headings import LARGER, body_size
from parsers.pdf.lines import Line

_MARGIN_SHARE = 0.14
_LINES_PER_MARGIN = 3
_SAME_PLACE_PT = 6.0
_IN_STEP = 3
_NUMBER = re.compile(
    r"^\W*(?:page|seite|p\.)?\s*(?P<number>\d{1,4}|[ivxlc]{1,7})\s*(?:(?:/|of|von|de)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_EDGE_NUMBERS = re.compile(r"^(\d{1,4})(?!\d)|(?<!\d)(\d{1,4})$")


class _Candidate(NamedTuple):
    page: int
    line: int
    place: int
    size: float
    text: str


def without_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the lines of each page without those that only repeat from page to page."""
    candidates = [
        candidate
        for page, (lines, height) in enumerate(zip(pages, heights, strict=True))
        for candidate in _candidates(page, lines, height)
    ]
    dropped = {(candidate.page, candidate.line) for candidate in _repeated(candidates, len(pages))}
    largest = LARGER * body_size(chain.from_iterable(pages))
    dropped |= {(candidate.page, candidate.line) for candidate in _numbered(candidates, largest)}
    return [
        [line for index, line in enumerate(lines) if (page, index) not in dropped]
        for page, lines in enumerate(pages)
    ]


def _candidates(page: int, lines: Sequence[Line], height: float) -> Iterator[_Candidate]:
    """Yield the outermost lines in the page's upper and lower margin."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].top)
    top = [index for index in order if lines[index].bottom < _MARGIN_SHARE * height]
    bottom = [index for index in order if lines[index].top > (1 - _MARGIN_SHARE) * height]
    for index in {*top[:_LINES_PER_MARGIN], *bottom[-_LINES_PER_MARGIN:]}:
        line = lines[index]
        yield _Candidate(page, index, round(line.top / _SAME_PLACE_PT), line.font.size, line.text)


def _repeated(candidates: Sequence[_Candidate], page_count: int) -> Iterator[_Candidate]:
    """Yield lines whose text, numbers aside, stands at the same place of several pages."""
    needed = 2 if page_count < 6 else 3
    groups: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[re.sub(r"\d+", "#", candidate.text.lower())].append(candidate)
    for group in groups.values():
        for candidate in group:
            near = {other.page for other in group if abs(other.place - candidate.place) <= 1}
            if len(near) >= needed:
                yield candidate


def _numbered(candidates: Sequence[_Candidate], largest: float) -> Iterator[_Candidate]:
    """Yield page numbers, and lines that hold one at their edge, at one place and in step with the pages.

    A numbered heading in larger type than `largest` stays: sections of one page each are in step too.
    """
    seen = Counter((step, candidate.place) for candidate in candidates for step in set(_steps(candidate)))
    for candidate in candidates:
        in_step = any(
            sum(seen[step, candidate.place + shift] for shift in (-1, 0, 1)) >= _IN_STEP
            for step in _steps(candidate)
        )
        if _NUMBER.match(candidate.text) or (in_step and candidate.size <= largest):
            yield candidate


def _steps(candidate: _Candidate) -> Iterator[int]:
    """Yield how far the numbers at the edges of a line are ahead of the page's own count."""
    for match in _EDGE_NUMBERS.finditer(candidate.text):
        yield int(match[1] or match[2]) - candidate.page
