"""Drawn figures with a caption: charts, maps, sketches. Their labels are theirs, and no text of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.pdf.art import around, drawn_boxes, gap
from parsers.pdf.columns import segments
from parsers.pdf.lines import Line, line_of, lines_of, turned_lines
from parsers.pdf.markers import is_caption, is_figure_caption
from parsers.pdf.page import Shape
from parsers.pdf.words import Word, Words
from schemas.documents import Box

_CAPTION_PT = 60.0
_LABEL_PT, _TURNED_PT = 8.0, 14.0
_MAX_LABEL_CHARACTERS = 40
_MAX_WORDS_PER_LABEL = 4
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawn figure, with its labels and the words that they are made of."""

    box: Box
    labels: tuple[str, ...]
    words: tuple[Word, ...]


def diagrams(
    lines: Sequence[Line], turned: Sequence[Word], shapes: Sequence[Shape], page_area: float
) -> list[Diagram]:
    """Return the captioned drawings of a page, top to bottom. Boxes of running text are none."""
    if not any(shape.is_art for shape in shapes):
        return []
    captions = [line.box for line in lines if is_figure_caption(line.text)]
    found = (
        _diagram(box, lines, turned)
        for box in (drawn_boxes(shapes, page_area) if captions else ())
        if any(_belongs(caption, box) for caption in captions)
    )
    return sorted((one for one in found if one is not None), key=lambda one: one.box.top)


def lines_without(lines: Sequence[Line], taken: Iterable[Diagram]) -> tuple[Line, ...]:
    """Return the lines less the labels of diagrams."""
    labels = {id(word) for diagram in taken for word in diagram.words}
    if not labels:
        return tuple(lines)
    parts = ((line, [word for word in line.words if id(word) not in labels]) for line in lines)
    return tuple(line if len(line) == len(rest) else line_of(rest, line.page) for line, rest in parts if rest)


def without(words: Sequence[Word], taken: Iterable[Diagram]) -> tuple[Word, ...]:
    """Return the words that are no labels of diagrams."""
    labels = {id(word) for diagram in taken for word in diagram.words}
    return tuple(word for word in words if id(word) not in labels)


def _belongs(caption: Box, drawing: Box) -> bool:
    aside, apart = gap(caption, drawing)
    return not aside and apart <= _CAPTION_PT


def _diagram(box: Box, lines: Sequence[Line], turned: Sequence[Word]) -> Diagram | None:
    found = _labels(box, lines)
    if _is_running_text(box, found):
        return None
    inside = [word for part in found for word in part]
    for _ in range(_ROUNDS):
        taken = {id(word) for word in inside}
        beside = [line for line in lines if id(line.words[0]) not in taken and _is_label(line, box)]
        inside += [word for line in beside for word in line.words if id(word) not in taken]
        box = around([box, *(line.box for line in beside)])
    aside = [word for word in turned if max(gap(_box(word), box)) <= _TURNED_PT]
    within = lines_of(Words.of(inside), 0) if inside else ()
    parts = [part for line in within for part in segments(line.words)]
    labels = [" ".join(word.text for word in part) for part in parts]
    labels += [line.text for line in turned_lines(aside, 0)]
    own = (*inside, *aside)
    return Diagram(around([box, *map(_box, own)]), tuple(labels), own)


def _is_label(line: Line, box: Box) -> bool:
    """Whether a line stands at the edge of a drawing and reads as a label, as those of axes do."""
    return (
        max(gap(line.box, box)) <= _LABEL_PT
        and len(line.text) <= _MAX_LABEL_CHARACTERS
        and not line.font.bold
        and not line.text.endswith(".")
        and not is_caption(line.text)
    )


def _labels(box: Box, lines: Iterable[Line]) -> list[list[Word]]:
    """Return the stretches of lines that stand in a box, or reach into it."""
    parts = (part for line in lines for part in segments(line.words))
    return [part for part in parts if any(_holds(box, word) for word in part)]


def _is_running_text(box: Box, parts: Sequence[list[Word]]) -> bool:
    """Whether the text in a box is too long for labels, or runs on outside of it."""
    if sum(map(len, parts)) > _MAX_WORDS_PER_LABEL * len(parts):
        return True
    long = (part for part in parts if len(part) > _MAX_WORDS_PER_LABEL)
    return any(not all(_holds(box, word) for word in part) for part in long)


def _holds(box: Box, word: Word) -> bool:
    middle_x, middle_y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return box.left - 1 <= middle_x <= box.right + 1 and box.top - 1 <= middle_y <= box.bottom + 1


def _box(word: Word) -> Box:
    return Box(word.left, word.top, word.right, word.bottom)
