"""Where a page shows drawings that are neither rules nor cells."""

from collections.abc import Iterable

from parsers.pdf.page import Shape
from schemas.documents import Box

_NEAR_PT = 6.0
_MIN_SIDE_PT = 40.0
_MAX_PAGE_SHARE = 0.6
_MAX_CLUSTERS = 100


def drawn_boxes(shapes: Iterable[Shape], page_area: float) -> list[Box]:
    """Return the rectangles around shapes that stand together and hold some art."""
    clusters: list[Shape] = []
    for shape in sorted(shapes, key=lambda shape: area(shape.box), reverse=True):
        if area(shape.box) > _MAX_PAGE_SHARE * page_area:
            continue
        clusters = _with(clusters, shape)
        if len(clusters) > _MAX_CLUSTERS:
            return []
    return [one.box for one in clusters if one.is_art and _is_figure_sized(one.box, page_area)]


def area(box: Box) -> float:
    """Return how large a rectangle is, in square points."""
    return (box.right - box.left) * (box.bottom - box.top)


def gap(one: Box, other: Box) -> tuple[float, float]:
    """Return how far apart two rectangles stand from side to side and from top to bottom; 0 as they touch."""
    return (
        max(one.left - other.right, other.left - one.right, 0.0),
        max(one.top - other.bottom, other.top - one.bottom, 0.0),
    )


def around(boxes: Iterable[Box]) -> Box:
    """Return the rectangle around some others."""
    lefts, tops, rights, bottoms = zip(
        *((box.left, box.top, box.right, box.bottom) for box in boxes), strict=True
    )
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _with(clusters: list[Shape], shape: Shape) -> list[Shape]:
    """Return the clusters with a shape in them, and those that it joins as one."""
    grown = shape
    while near := [one for one in clusters if max(gap(one.box, grown.box)) <= _NEAR_PT]:
        grown = Shape(
            around([grown.box, *(one.box for one in near)]), any(one.is_art for one in (grown, *near))
        )
        clusters = [one for one in clusters if one not in near]
    return [*clusters, grown]


def _is_figure_sized(box: Box, page_area: float) -> bool:
    sides = box.right - box.left, box.bottom - box.top
    return min(sides) >= _MIN_SIDE_PT and area(box) <= _MAX_PAGE_SHARE * page_area
