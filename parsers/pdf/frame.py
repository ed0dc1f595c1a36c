"""From PDF user space to the page as a reader sees it."""

import ctypes
from typing import NamedTuple

import pypdfium2.raw as pdfium


class Columns(NamedTuple):
    """The edges of many rectangles, edge by edge."""

    lefts: list[float]
    tops: list[float]
    rights: list[float]
    bottoms: list[float]


class Frame(NamedTuple):
    """A page's visible rectangle in user space, and how often it is turned clockwise by 90 degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: pdfium.FPDF_PAGE) -> "Frame":
        """Return the frame of a PDFium page."""
        rect = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(rect))
        return cls(rect.left, rect.bottom, rect.right, rect.top, pdfium.FPDFPage_GetRotation(page))

    @property
    def width(self) -> float:
        """The page's width as seen."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """The page's height as seen."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def seen(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of a user-space rectangle as seen from the top left corner."""
        if self.turns == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    def seen_columns(self, edges: Columns) -> Columns:
        """Return what `seen` makes of rectangles in user space, of which there is at least one."""
        if self.turns:
            boxes = map(self.seen, edges.lefts, edges.bottoms, edges.rights, edges.tops)
            return Columns(*map(list, zip(*boxes, strict=True)))
        start, end = self.left, self.top
        return Columns(
            [left - start for left in edges.lefts] if start else edges.lefts,
            [end - top for top in edges.tops],
            [right - start for right in edges.rights] if start else edges.rights,
            [end - bottom for bottom in edges.bottoms],
        )
