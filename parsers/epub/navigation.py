"""A book's own table of contents: EPUB 3's navigation page, or EPUB 2's NCX file, by BeautifulSoup."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.documents import OutlineEntry

if TYPE_CHECKING:
    from bs4 import Tag

_DEEPEST = 6


def navigation_page(content: bytes) -> tuple[OutlineEntry, ...]:
    """Return the entries of an EPUB 3 book's table of contents, without its landmarks and page lists."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(content, "lxml")
    lists = [nav for nav in page.find_all("nav") if "toc" in str(nav.get("epub:type", "")).split()]
    return tuple(entry for nav in lists[:1] for entry in _entries(nav, "li", ("a", "span")))


def ncx(content: bytes) -> tuple[OutlineEntry, ...]:
    """Return the entries of an EPUB 2 book's table of contents."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(content, "lxml-xml")
    return tuple(
        entry for chart in page.find_all("navMap")[:1] for entry in _entries(chart, "navPoint", ("text",))
    )


def _entries(chart: "Tag", point: str, labels: tuple[str, ...]) -> Iterator[OutlineEntry]:
    """Yield the points of a table of contents in order, each as deep as the points around it are many."""
    for found in chart.find_all(point):
        label = found.find(labels)
        title = " ".join(label.get_text().split()) if label else ""
        level = 1 + sum(1 for above in found.parents if above.name == point)
        if title and level <= _DEEPEST:
            yield OutlineEntry(title, level)
