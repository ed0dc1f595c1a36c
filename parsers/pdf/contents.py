"""Tables of contents: titles that lead to page numbers, with or without dots."""

import re
from collections.abc import Sequence

from parsers.pdf.lines import Line, line_of
from parsers.pdf.markers import is_contents_entry
from parsers.pdf.table import Item

_TITLE = re.compile(r"contents|inhalt|sommaire|table des mati|índice|indice|sumário|sumario", re.IGNORECASE)
_PAGE = re.compile(r"(?:^|\s|\.\.)(?:(?P<count>\d{1,4})|[ivxlc]{1,7})$", re.IGNORECASE)
_MIN_ENTRIES, _MIN_UNTITLED = 3, 12
_MAX_TITLE_CHARACTERS = 40
_MIN_GAP_EM = 1.0
_MAX_STEP = 2  # a title that goes on in a second line may stand between
_SAME_EDGE_PT = 3.0
_LEADER = "....."


def with_contents(items: Sequence[Item]) -> list[Item]:
    """Return the items of a page, lines of a table of contents with dots between title and page number."""
    result = list(items)
    run: list[tuple[int, Line]] = []
    for index, item in enumerate(items):
        if not isinstance(item, Line) or not _is_entry(item):
            continue
        if run and not (index - run[-1][0] <= _MAX_STEP and _follows(run[-1][1], item)):
            _lead(result, run)
            run = []
        run.append((index, item))
    _lead(result, run)
    return result


def _is_entry(line: Line) -> bool:
    """Whether a line ends with a page number behind a gap or dots, and begins with a title."""
    if not line.is_gapped and not is_contents_entry(line.text):
        return False
    if not _PAGE.search(line.text) or len(line) < 2 or not any(map(str.isalpha, line.text)):
        return False
    before, last = line.words[-2:]
    return last.left - before.right > _MIN_GAP_EM * line.font.size or is_contents_entry(line.text)


def _follows(above: Line, below: Line) -> bool:
    """Whether an entry may be the next of a run: at the same edge, and no page earlier."""
    is_aligned = abs(above.right - below.right) < _SAME_EDGE_PT
    return is_aligned and above.top < below.top and _page(above) <= _page(below)


def _page(line: Line) -> int:
    """Return the number that an entry leads to, 0 for those of a preface."""
    match = _PAGE.search(line.text)
    return int(match["count"] or 0) if match else 0


def _lead(items: list[Item], run: Sequence[tuple[int, Line]]) -> None:
    """Put dots into the entries of a run that have none, if these are contents and no table."""
    if len(run) < _MIN_ENTRIES:
        return
    start = run[0][0]
    above = [item for item in items[max(start - 3, 0) : start] if isinstance(item, Line)]
    titled = any(len(line.text) <= _MAX_TITLE_CHARACTERS and _TITLE.search(line.text) for line in above)
    bare = [(index, line) for index, line in run if not is_contents_entry(line.text)]
    if len(bare) == len(run) < _MIN_UNTITLED and not titled:
        return
    for index, line in bare:
        *title, page = line.words
        dots = page._replace(text=_LEADER, left=title[-1].right, right=page.left, font=title[-1].font)
        items[index] = line_of([*title, dots, page], line.page)
