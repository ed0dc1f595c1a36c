"""Lines, shapes and images drawn on a page, from PDFium's page objects."""

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2.raw as pdfium

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
_SHORTEST_PT = 4.0


class Drawings(NamedTuple):
    """A page's rules, shapes and image objects. `total` counts all paths and images."""

    rules: list[Rule]
    shapes: list[Shape]
    images: list[pdfium.FPDF_PAGEOBJECT]
    total: int


class _Object(NamedTuple):
    handle: pdfium.FPDF_PAGEOBJECT
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
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._paths = 0

    def read(self) -> Drawings:
        """Return the page's drawings, those inside of nested forms too."""
        rules: list[Rule] = []
        shapes: list[Shape] = []
        images: list[pdfium.FPDF_PAGEOBJECT] = []
        count = 0
        for item, kind, nested in self._objects():
            count += kind != pdfium.FPDF_PAGEOBJ_FORM
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                images.append(item)
            elif self._paths < _MAX_PATHS and not nested:
                self._paths += 1
                drawn = self._drawn(item, kind)
                rules.extend(drawn.rules)
                shapes.extend(drawn.shapes)
        if self._paths >= _MAX_PATHS:
            return Drawings([], [], images, count)
        return Drawings(rules, shapes, images, count)

    def _objects(self) -> Iterator[_Object]:
        kind_of, get = pdfium.FPDFPageObj_GetType, pdfium.FPDFPage_GetObject
        text, path, form = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM
        for index in range(pdfium.FPDFPage_CountObjects(self._page)):
            item = get(self._page, index)
            kind = kind_of(item)
            if kind == text:
                continue
            if kind in {path, pdfium.FPDF_PAGEOBJ_IMAGE}:
                yield _Object(item, kind, nested=False)
            elif kind == form:
                inside = list(self._in_form(item, 1))
                if any(part.kind == path for part in inside):
                    yield _Object(item, kind, nested=False)
                yield from inside

    def _in_form(self, form: pdfium.FPDF_PAGEOBJECT, depth: int) -> Iterator[_Object]:
        for index in range(min(pdfium.FPDFFormObj_CountObjects(form), _MAX_PATHS)):
            item = pdfium.FPDFFormObj_GetObject(form, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE}:
                yield _Object(item, kind, nested=True)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_NESTING:
                yield from self._in_form(item, depth + 1)

    def bounds(self, item: pdfium.FPDF_PAGEOBJECT) -> tuple[float, float, float, float] | None:
        """Return left, top, right, bottom of a page object as seen, None where PDFium knows none."""
        edges = self._edges
        if not pdfium.FPDFPageObj_GetBounds(item, *edges):
            return None
        return self._frame.seen(*(edge.value for edge in edges))

    def _drawn(self, item: pdfium.FPDF_PAGEOBJECT, kind: int) -> _Drawn:
        """Return the rules that a path or form draws, and the place it takes."""
        bounds = self.bounds(item)
        if bounds is None:
            return _Drawn((), ())
        box = Box(*bounds)
        width, height = box.right - box.left, box.bottom - box.top
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            return _Drawn((), (Shape(box, is_art=True),))
        if min(width, height) <= _THIN_PT:
            rules = (Rule(*bounds),) if max(width, height) >= _SHORTEST_PT else ()
            return _Drawn(rules, (Shape(box, is_art=False),))
        count, stroked = pdfium.FPDFPath_CountSegments(item), self._is_stroked(item)
        if count > _MAX_SEGMENTS:
            return _Drawn((), (Shape(box, is_art=True),))
        if count <= _RECTANGLE_SEGMENTS and not stroked:
            return _Drawn((), (Shape(box, is_art=False),))
        outline = self._outline(item, count)
        is_art = max(width, height) >= _MIN_ART_PT and outline.is_art
        return _Drawn(outline.rules if stroked else (), (Shape(box, is_art),))

    def _is_stroked(self, path: pdfium.FPDF_PAGEOBJECT) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value)

    def _outline(self, path: pdfium.FPDF_PAGEOBJECT, count: int) -> _Outline:
        """Return the upright and level segments of a path, as of a rectangle, and whether it has others."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(path, matrix)
        here_x, here_y = ctypes.c_float(), ctypes.c_float()
        rules: list[Rule] = []
        curves = slanted = 0
        start = last = (0.0, 0.0)
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, here_x, here_y)
            x, y = here_x.value, here_y.value
            point = matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                slanted += _is_slanted(last, point)
                rules.extend(self._straight(last, point))
            else:
                curves += 1
            last = point
            if pdfium.FPDFPathSegment_GetClose(segment):
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
