"""Lines and images drawn on a page, from PDFium's page objects."""

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2.raw as pdfium

from parsers.pdf.frame import Frame
from parsers.pdf.page import Rule

# A page with more objects than this is a map or a plot; its lines say nothing about tables.
_MAX_PATHS = 6_000
_MAX_NESTING = 4
_MAX_SEGMENTS = 64
_THIN_PT = 3.0
_SHORTEST_PT = 4.0


class Drawings(NamedTuple):
    """A page's rules and image objects. `count` is of all paths and images."""

    rules: list[Rule]
    images: list[pdfium.FPDF_PAGEOBJECT]
    total: int


class _Object(NamedTuple):
    handle: pdfium.FPDF_PAGEOBJECT
    kind: int
    nested: bool


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
        images: list[pdfium.FPDF_PAGEOBJECT] = []
        count = 0
        for item, kind, nested in self._objects():
            count += 1
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                images.append(item)
            elif self._paths < _MAX_PATHS and not nested:
                self._paths += 1
                rules.extend(self._rules(item))
        return Drawings(rules if self._paths < _MAX_PATHS else [], images, count)

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
                yield from self._in_form(item, 1)

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

    def _rules(self, path: pdfium.FPDF_PAGEOBJECT) -> Iterator[Rule]:
        bounds = self.bounds(path)
        if bounds is None:
            return
        left, top, right, bottom = bounds
        width, height = right - left, bottom - top
        if min(width, height) <= _THIN_PT:
            if max(width, height) >= _SHORTEST_PT:
                yield Rule(left, top, right, bottom)
            return
        if pdfium.FPDFPath_CountSegments(path) > _MAX_SEGMENTS or not self._is_stroked(path):
            return
        yield from self._strokes(path)

    def _is_stroked(self, path: pdfium.FPDF_PAGEOBJECT) -> bool:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value)

    def _strokes(self, path: pdfium.FPDF_PAGEOBJECT) -> Iterator[Rule]:
        """Yield the upright and level segments of a stroked path, as of a rectangle."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(path, matrix)
        here_x, here_y = ctypes.c_float(), ctypes.c_float()
        start: tuple[float, float] | None = None
        last: tuple[float, float] | None = None
        for index in range(pdfium.FPDFPath_CountSegments(path)):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, here_x, here_y)
            x, y = here_x.value, here_y.value
            point = matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
                yield from self._straight(last, point)
            last = point
            if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
                yield from self._straight(point, start)

    def _straight(self, one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
        (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        if min(x1 - x0, y1 - y0) < 1.0 and max(x1 - x0, y1 - y0) >= _SHORTEST_PT:
            yield Rule(*self._frame.seen(x0, y0, x1, y1))
