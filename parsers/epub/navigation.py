"""A book's own table of contents: EPUB 3's navigation page, or EPUB 2's NCX file, by BeautifulSoup."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.documents import OutlineEntry

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def navigation_page(content: bytes) -> tuple[OutlineEntry, ...]:
    """Return the entries of an EPUB 3 book's table of contents, without its landmarks and page lists."""
    lists = _soup(content).find_all("nav", attrs={"epub:type": "toc"})
    return tuple(entry for chart in lists[:1] for entry in _entries(chart, "li", ("a", "span")))


def ncx(content: bytes) -> tuple[OutlineEntry, ...]:
    """Return the entries of an EPUB 2 book's table of contents."""
    charts = _soup(content).find_all("navMap")
    return tuple(entry for chart in charts[:1] for entry in _entries(chart, "navPoint", ("text",)))


def _soup(content: bytes) -> "BeautifulSoup":
    from bs4 import BeautifulSoup

    return BeautifulSoup(content, "lxml-xml")  # mends what is not well formed


def _entries(chart: "Tag", point: str, labels: tuple[str, ...]) -> Iterator[OutlineEntry]:
    """Yield the points of a table of contents in order, with how many are around each as its level."""
    for found in chart.find_all(point):
        label = found.find(labels)
        if label and (title := " ".join(label.get_text().split())):
            yield OutlineEntry(title, 1 + sum(above.name == point for above in found.parents))
