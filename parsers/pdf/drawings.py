"""Lines, shapes and images drawn on a page, from PDFium's page objects."""

import ctypes
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium

from parsers.pdf.calls import (
    address_of,
    bounds_of,
    draw_mode,
    kind_of,
    matrix_of,
    object_in_form,
    object_on_page,
    segment_closes,
    segment_count,
    segment_kind,
    segment_of,
    segment_point,
)
from parsers.pdf.frame import Frame
from parsers.pdf.page import Rule, Shape
from schemas.documents import Box

# A page with more objects than this is a map or a plot; its lines say nothing about tables.
_MAX_PATHS = 6_000
_MAX_NESTING = 4
_MAX_SEGMENTS = 64
_MIN_ART_PT = 24.0
_RECTANGLE_SEGMENTS, _ROUNDED_CORNERS, _MAX_PLAIN_SEGMENTS = 5, 4, 10
_THIN_PT = 3.0
_TEXT, _PATH, _IMAGE, _FORM = (
    pdfium.FPDF_PAGEOBJ_TEXT,
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_FORM,
)
_DRAWN = frozenset({_PATH, _IMAGE})
_SHORTEST_PT = 4.0
_BESIDE_PAGE_PT = 20.0


class Drawings(NamedTuple):
    """A page's rules, shapes and images, these by address. `total` counts all paths and images."""

    rules: list[Rule]
    shapes: list[Shape]
    images: list[int]
    total: int


class _Object(NamedTuple):
    address: int
    kind: int
    nested: bool


class _Drawn(NamedTuple):
    rules: tuple[Rule, ...]
    shapes: tuple[Shape, ...]


class _Outline(NamedTuple):
    rules: tuple[Rule, ...]
    is_art: bool


class DrawingReader:
    """Reads the drawings of one page."""

    def __init__(self, page: pdfium.FPDF_PAGE, frame: Frame) -> None:
        self._page = page
        self._frame = frame
        self._floats = (ctypes.c_float * 6)()
        self._places = [ctypes.addressof(self._floats) + 4 * index for index in range(6)]
        self._flags = (ctypes.c_int * 2)()
        self._paths = 0

    def read(self) -> Drawings:
        """Return the page's drawings, those inside of nested forms too."""
        rules: list[Rule] = []
        shapes: list[Shape] = []
        images: list[int] = []
        count = 0
        for item, kind, nested in self._objects():
            count += kind != _FORM
            if kind == _IMAGE:
                images.append(item)
            elif self._paths < _MAX_PATHS and not nested:
                self._paths += 1
                drawn = self._drawn(item, kind)
                rules.extend(drawn.rules)
                shapes.extend(drawn.shapes)
        if self._paths >= _MAX_PATHS:
            return Drawings([], [], images, count)
        return Drawings(list(filter(self._is_on_page, rules)), shapes, images, count)

    def _is_on_page(self, rule: Rule) -> bool:
        """Whether a rule ends on the page, or not far from it, as those of tables do."""
        return (
            min(rule.left, rule.top) > -_BESIDE_PAGE_PT
            and rule.right < self._frame.width + _BESIDE_PAGE_PT
            and rule.bottom < self._frame.height + _BESIDE_PAGE_PT
        )

    def _objects(self) -> Iterator[_Object]:
        count = pdfium.FPDFPage_CountObjects(self._page)
        items = list(map(object_on_page, repeat(address_of(self._page)), range(count)))
        kinds = list(map(kind_of, items))
        if kinds.count(_TEXT) == count:
            return
        for item, kind in zip(items, kinds, strict=True):
            if kind in _DRAWN:
                yield _Object(item, kind, nested=False)
            elif kind == _FORM:
                inside = list(self._in_form(item, 1))
                if any(part.kind == _PATH for part in inside):
                    yield _Object(item, kind, nested=False)
                yield from inside

    def _in_form(self, form: int, depth: int) -> Iterator[_Object]:
        count = pdfium.FPDFFormObj_CountObjects(ctypes.cast(form, pdfium.FPDF_PAGEOBJECT))
        for index in range(min(count, _MAX_PATHS)):
            item = object_in_form(form, index)
            kind = kind_of(item)
            if kind in _DRAWN:
                yield _Object(item, kind, nested=True)
            elif kind == _FORM and depth < _MAX_NESTING:
                yield from self._in_form(item, depth + 1)

    def bounds(self, item: int) -> tuple[float, float, float, float] | None:
        """Return left, top, right, bottom of a page object as seen, None where PDFium knows none."""
        if not bounds_of(item, *self._places[:4]):
            return None
        return self._frame.seen(*self._floats[:4])

    def _drawn(self, item: int, kind: int) -> _Drawn:
        """Return the rules that a path or form draws, and the place it takes."""
        bounds = self.bounds(item)
        if bounds is None:
            return _Drawn((), ())
        box = Box(*bounds)
        width, height = box.right - box.left, box.bottom - box.top
        if kind == _FORM:
            return _Drawn((), (Shape(box, is_art=True),))
        if min(width, height) <= _THIN_PT:
            rules = (Rule(*bounds),) if max(width, height) >= _SHORTEST_PT else ()
            return _Drawn(rules, (Shape(box, is_art=False),))
        count, stroked = segment_count(item), self._is_stroked(item)
        if count > _MAX_SEGMENTS:
            return _Drawn((), (Shape(box, is_art=True),))
        if count <= _RECTANGLE_SEGMENTS and not stroked:
            return _Drawn((), (Shape(box, is_art=False),))
        outline = self._outline(item, count)
        is_art = max(width, height) >= _MIN_ART_PT and outline.is_art
        return _Drawn(outline.rules if stroked else (), (Shape(box, is_art),))

    def _is_stroked(self, path: int) -> bool:
        place = ctypes.addressof(self._flags)
        return bool(draw_mode(path, place, place + 4) and self._flags[1])

    def _outline(self, path: int, count: int) -> _Outline:
        """Return the upright and level segments of a path, as of a rectangle, and whether it has others."""
        matrix_of(path, self._places[0])
        a, b, c, d, e, f = self._floats
        here = self._floats
        rules: list[Rule] = []
        curves = slanted = 0
        start = last = (0.0, 0.0)
        for index in range(count):
            segment = segment_of(path, index)
            segment_point(segment, *self._places[:2])
            x, y = here[0], here[1]
            point = a * x + c * y + e, b * x + d * y + f
            kind = segment_kind(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                slanted += _is_slanted(last, point)
                rules.extend(self._straight(last, point))
            else:
                curves += 1
            last = point
            if segment_closes(segment):
                rules.extend(self._straight(point, start))
        return _Outline(tuple(rules), _reads_as_art(curves // 3, slanted, len(rules), count))

    def _straight(self, one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
        (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        if min(x1 - x0, y1 - y0) < 1.0 and max(x1 - x0, y1 - y0) >= _SHORTEST_PT:
            yield Rule(*self._frame.seen(x0, y0, x1, y1))


def _is_slanted(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) > _THIN_PT


def _reads_as_art(curves: int, slanted: int, straight: int, segments: int) -> bool:
    """Whether a path is more than a rectangle with or without rounded corners."""
    is_rounded_box = straight and curves <= _ROUNDED_CORNERS
    return bool(slanted or (curves and not is_rounded_box) or segments > _MAX_PLAIN_SEGMENTS + 3 * curves)
