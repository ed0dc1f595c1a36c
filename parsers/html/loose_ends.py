"""What is within the content, has no name to tell it by, and leads away: lists of links, "Read more"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parsers.html.tree import words
from parsers.html.vocabulary import BLOCKS, HEADINGS, PAGING, PAGING_RELATIONS, RELATED_TITLE, TEASER
from parsers.html.weighing import PROSE_RUN, Weights

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALL_LINKS = 0.9
_MOSTLY_LINKED = 0.5
_SHORT_TITLE = 60
_LEAST_LINKS = 3
_LONG_PAGING = 400
_LISTLIKE = frozenset({"div", "ul", "ol", "section", "aside", "table", "p", "dl", "figure"})
_PAGING = frozenset({"div", "p", "table", "ul", "tr"})


def loose_ends(root: "_Element", weights: Weights) -> Iterator["_Element"]:
    """Yield what has no name to tell it by: lists of links, paging, and what follows "Read more"."""
    index = weights.link_share(root) > _ALL_LINKS  # a page that is nothing but links keeps its lists
    for element in root.iterdescendants():
        if element not in weights.chars or element in weights.furniture:
            continue
        if (
            (not index and _is_link_list(element, weights))
            or _is_teaser(element, weights)
            or _is_related(element, weights)
            or _is_related_title(element, weights)
            or _is_paging(element, weights)
        ):
            yield element


def _is_link_list(element: "_Element", weights: Weights) -> bool:
    """Whether an element is three links or more and little else, and no sentence leads up to them."""
    if element.tag not in _LISTLIKE or weights.link_share(element) <= _ALL_LINKS:
        return False
    return sum(1 for _ in element.iter("a")) >= _LEAST_LINKS and not _is_announced(element)


def _is_announced(element: "_Element") -> bool:
    """Whether what stands before a list is a text that ends in a colon, and no title of related links."""
    before = element.getprevious()
    if before is None or before.tag not in ("p", "dt"):
        return False
    text = words(before)
    return text.endswith((":", "\uff1a")) and not RELATED_TITLE.fullmatch(text)


def _is_paging(element: "_Element", weights: Weights) -> bool:
    """Whether an element leads to the page before and the one behind, as books of many pages have it."""
    if element.tag not in _PAGING or not 0 < weights.chars[element] <= _LONG_PAGING:
        return False
    if weights.prose[element] >= PROSE_RUN or next(element.iter(*HEADINGS), None) is not None:
        return False
    ways = {way for link in element.iter("a") for way in _ways(link)}
    return len(ways) > 1


def _ways(link: "_Element") -> Iterator[str]:
    """Yield the ways that a link says to lead: on, back, up."""
    yield from PAGING_RELATIONS.intersection((link.get("rel") or "").lower().split())
    if found := PAGING.fullmatch(words(link)):
        yield found.group("way").lower()


def _is_teaser(element: "_Element", weights: Weights) -> bool:
    named = TEASER.search(element.get("class", ""))
    return bool(named) and weights.link_share(element) > _MOSTLY_LINKED


def _is_related(element: "_Element", weights: Weights) -> bool:
    """Whether an element is a table of nothing but a link, or links behind a title such as "Read more"."""
    if element.tag not in BLOCKS or weights.link_share(element) < _MOSTLY_LINKED:
        return False
    if element.tag == "table" and weights.link_share(element) > _ALL_LINKS:
        return True
    before = " ".join(_before_link(element).split())
    return 0 < len(before) <= _SHORT_TITLE and bool(RELATED_TITLE.fullmatch(before))


def _before_link(element: "_Element") -> str:
    """Return the text of an element up to its first link."""
    parts: list[str] = []
    for inner in element.iter():
        if inner.tag == "a":
            break
        parts.append(inner.text or "")
    return "".join(parts)


def _is_related_title(element: "_Element", weights: Weights) -> bool:
    if element.tag not in BLOCKS or element.tag == "summary" or weights.chars[element] > _SHORT_TITLE:
        return False
    text = words(element)
    return bool(RELATED_TITLE.fullmatch(text)) and not text.endswith(".")  # else it is a sentence
