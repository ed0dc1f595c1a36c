"""Paragraphs made whole that go on in the next column, on the next page or below a figure."""

from collections.abc import Sequence
from itertools import pairwise

from parsers.pdf.markers import is_caption, is_chapter_number, is_list_marker
from parsers.pdf.paragraphs import SIZE_STEP_PT, TERMINAL, Chunk, jumps
from parsers.pdf.splitting import HYPHEN
from parsers.pdf.table import Table

_FIRST_LINE_EM = 0.8
_MOSTLY = 0.6
_MAX_TITLE_LINES = 3


def rejoined(parts: Sequence[Chunk | Table], body_size: float) -> list[Chunk | Table]:
    """Return the parts with paragraphs made whole that a column's, page's or figure's edge had cut."""
    result: list[Chunk | Table] = []
    open_index: int | None = None
    indented = _are_indented(parts, body_size)
    for part in parts:
        if not isinstance(part, Chunk) or not _is_running_text(part, body_size):
            if isinstance(part, Chunk) and _is_heading_like(part, body_size):
                open_index = None
            result.append(part)
            continue
        above = result[open_index] if open_index is not None else None
        if isinstance(above, Chunk) and open_index is not None and _goes_on(above, part, indented):
            result[open_index] = Chunk(above.lines + part.lines)
            continue
        open_index = len(result)
        result.append(part)
    return result


def with_whole_titles(parts: Sequence[Chunk | Table]) -> list[Chunk | Table]:
    """Return the parts with "Chapter 1" and the title below it as one heading."""
    result: list[Chunk | Table] = []
    for part in parts:
        above = result[-1] if result else None
        if isinstance(above, Chunk) and isinstance(part, Chunk) and _titles(above, part):
            result[-1] = Chunk(above.lines + part.lines)
        else:
            result.append(part)
    return result


def _titles(number: Chunk, title: Chunk) -> bool:
    """Whether two chunks are the number of a chapter and its title, both set larger or bolder than text."""
    return (
        (is_chapter_number(number.text) or is_chapter_number(f"{number.text} {title.text}"))
        and title.page == number.page
        and title.first.baseline > number.first.baseline
        and len(title.lines) <= _MAX_TITLE_LINES
        and title.font.bold == number.font.bold
        and title.font.size >= number.font.size
        and not is_chapter_number(title.text)
    )


def _is_running_text(chunk: Chunk, body_size: float) -> bool:
    font = chunk.font
    return (
        abs(font.size - body_size) <= SIZE_STEP_PT and not font.mono and not font.bold
    ) and not is_caption(chunk.first.text)


def _is_heading_like(chunk: Chunk, body_size: float) -> bool:
    return chunk.font.size > body_size + SIZE_STEP_PT or chunk.font.bold


def _are_indented(parts: Sequence[Chunk | Table], body_size: float) -> bool:
    """Whether most paragraphs that stand below another begin with an indent."""
    firsts = [
        _is_indented(below)
        for above, below in pairwise(parts)
        if isinstance(above, Chunk) and isinstance(below, Chunk) and len(below.lines) > 1
        if _is_running_text(above, body_size) and _is_running_text(below, body_size)
        if not jumps(above.last, below.first)
    ]
    return sum(firsts) > _MOSTLY * len(firsts)


def _is_indented(chunk: Chunk) -> bool:
    return chunk.first.start - chunk.lines[1].start > _FIRST_LINE_EM * chunk.font.size


def _goes_on(above: Chunk, below: Chunk, indented: bool) -> bool:
    """Whether `below` goes on with the sentence of `above`, or where paragraphs are indented, without one."""
    last, first = above.last, below.first
    if is_list_marker(below.marker):
        return False
    if last.text.endswith(HYPHEN):
        return True
    if last.text.endswith(TERMINAL):
        flush = indented and len(below.lines) > 1 and not _is_indented(below)
        return flush and jumps(last, first) and _reaches_end(above)
    if first.text[0].islower():
        return True
    return jumps(last, first) and len(above.lines) > 1 and _reaches_end(above)


def _reaches_end(chunk: Chunk) -> bool:
    furthest = max(line.end for line in chunk.lines if line.page == chunk.last.page)
    return chunk.last.end >= furthest - 3.0
