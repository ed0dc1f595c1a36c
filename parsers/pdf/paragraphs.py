"""Lines to paragraphs: where one ends."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from parsers.pdf.lines import Line
from parsers.pdf.markers import is_caption, is_contents_entry, is_list_marker
from parsers.pdf.splitting import HYPHEN
from parsers.pdf.table import Item, Table
from parsers.pdf.words import Font

_INDENT_EM = 0.8
_SMALL_MARK = 0.85
SIZE_STEP_PT = 0.6
_LOOSE_LEADING = 1.22
_NEIGHBOURS = 12
_NOWHERE = float("-inf")
_MIN_STEPS = 3
TERMINAL = (".", "!", "?", ":", "。", "！", "？", "।", "؟", ".”", '."', ".)", ".’")


@dataclass(frozen=True)
class Chunk:
    """Lines that make one paragraph, heading, list item or the like."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The last line."""
        return self.lines[-1]

    @property
    def page(self) -> int:
        """The page it begins on."""
        return self.first.page

    @property
    def text(self) -> str:
        """The lines with spaces between them."""
        return " ".join([line.text for line in self.lines])

    @cached_property
    def font(self) -> Font:
        """The font of the first line; bold and the like only when all lines are."""
        fonts = [line.font for line in self.lines]
        if fonts.count(fonts[0]) == len(fonts):
            return fonts[0]
        return Font(
            fonts[0].size,
            all(font.bold for font in fonts),
            all(font.italic for font in fonts),
            all(font.mono for font in fonts),
        )

    @property
    def marker(self) -> str:
        """The first word."""
        return self.first.marker


class Leading:
    """The usual distance from one line to the next, for each size of type."""

    def __init__(self, items: Iterable[Item]) -> None:
        steps: dict[float, Counter[float]] = {}
        lines = (item for item in items if isinstance(item, Line))
        for above, below in pairwise(lines):
            step = below.baseline - above.baseline
            if above.page == below.page and above.font.size == below.font.size and step > 1:
                steps.setdefault(above.font.size, Counter())[round(step * 2) / 2] += 1
        self._usual = {
            size: counts.most_common(1)[0][0]
            for size, counts in steps.items()
            if counts.total() >= _MIN_STEPS
        }

    def of(self, size: float) -> float:
        """Return the usual distance for a size, in points."""
        return min(self._usual.get(size, 1.35 * size), 2.2 * size)


def chunks(items: Sequence[Item], body_size: float) -> list[Chunk | Table]:
    """Return the items with lines gathered to paragraphs. Nothing is joined over columns or pages yet."""
    leading = Leading(items)
    ends = _column_ends(items)
    result: list[Chunk | Table] = []
    open_lines: list[Line] = []
    for index, item in enumerate(items):
        if isinstance(item, Line) and open_lines:
            if not _breaks(open_lines, item, leading, ends[index - 1], body_size):
                open_lines.append(item)
                continue
            result.append(Chunk(tuple(open_lines)))
            open_lines = [item]
        elif isinstance(item, Line):
            open_lines = [item]
        else:
            if open_lines:
                result.append(Chunk(tuple(open_lines)))
                open_lines = []
            result.append(item)
    if open_lines:
        result.append(Chunk(tuple(open_lines)))
    return result


def _column_ends(items: Sequence[Item]) -> list[float]:
    """Return for each line how far the lines around it reach; 0 for tables."""
    runs: list[list[int]] = []
    last: Line | None = None
    for index, item in enumerate(items):
        if not isinstance(item, Line):
            continue
        if last is not None and not jumps(last, item):
            runs[-1].append(index)
        else:
            runs.append([index])
        last = item
    ends = [0.0] * len(items)
    for run in runs:
        lines = [item for item in map(items.__getitem__, run) if isinstance(item, Line)]
        places = [line.end for line in lines]
        sizes = [line.font.size for line in lines]
        reached = {
            size: [
                place if abs(other - size) <= SIZE_STEP_PT else _NOWHERE
                for place, other in zip(places, sizes, strict=True)
            ]
            for size in set(sizes)
        }
        for place, index in enumerate(run):
            near = reached[sizes[place]][max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
            ends[index] = max(near)
    return ends


def jumps(above: Line, below: Line) -> bool:
    """Whether `below` stands in another column, or on another page."""
    return (
        above.page != below.page
        or below.baseline < above.baseline - above.font.size
        or below.left > above.right
        or below.is_right_to_left != above.is_right_to_left
    )


def _breaks(open_lines: list[Line], below: Line, leading: Leading, end: float, body_size: float) -> bool:
    above = open_lines[-1]
    if jumps(above, below) or _changes_style(above, below):
        return True
    em = above.font.size
    if below.baseline - above.baseline > _LOOSE_LEADING * leading.of(em) + 1.0:
        return True
    if is_contents_entry(above.text) or _begins_note(below):
        return True
    if above.font.mono:
        return False
    if is_list_marker(below.marker) or _leaves_list(open_lines[0], below):
        return True
    if is_caption(below.text) and above.text.endswith(TERMINAL):
        return True
    if above.text.endswith(HYPHEN) or em > body_size + SIZE_STEP_PT:
        return False
    return _indents(open_lines, below, end) or _is_short(above, below, end)


def _leaves_list(first: Line, below: Line) -> bool:
    """Whether a line begins further out than the list item that it would go on with."""
    return is_list_marker(first.marker) and below.start < first.start - _INDENT_EM * first.font.size


def _begins_note(line: Line) -> bool:
    """Whether a line begins with a small number, as notes at the foot of a page do."""
    is_small = line.first_font.size < _SMALL_MARK * line.font.size
    return is_small and line.text[0].isdigit() and not line.font.mono


def _changes_style(above: Line, below: Line) -> bool:
    one, other = above.font, below.font
    if one is other:
        return False
    return abs(one.size - other.size) > SIZE_STEP_PT or one.bold != other.bold or one.mono != other.mono


def _indents(open_lines: list[Line], below: Line, end: float) -> bool:
    above = open_lines[-1]
    shift = below.start - above.start
    tolerance = _INDENT_EM * above.font.size
    if len(open_lines) > 1:
        return abs(shift) > tolerance
    if shift > tolerance and not is_list_marker(above.marker):
        return above.text.endswith(TERMINAL) or above.end < end - 2 * above.font.size
    return False


def _is_short(above: Line, below: Line, end: float) -> bool:
    """Whether the next word would have had room: the line was ended on purpose."""
    room = end - above.end - 0.3 * above.font.size
    if below.marker_width >= room or abs(above.end - below.end) < 2.0:
        return False
    return above.text.endswith(TERMINAL) or room > 0.3 * (end - above.start)
