"""What is within the content, has no name to tell it by, and leads away: lists of links, "Read more"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parsers.html.tree import words
from parsers.html.vocabulary import BLOCKS, HEADINGS, RELATED_TITLE, TEASER
from parsers.html.weighing import Weights

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALL_LINKS = 0.9
_MOSTLY_LINKED = 0.5
_SHORT_TITLE = 60
_LISTLIKE = frozenset(
    {"div", "ul", "ol", "section", "aside", "table", "p", "dl", "h2", "h3", "h4", "h5", "figure"}
)


def loose_ends(root: "_Element", weights: Weights) -> Iterator["_Element"]:
    """Yield what has no name to tell it by: lists of links, and what follows a title such as "Read more"."""
    for element in root.iterdescendants():
        if element not in weights.chars or element in weights.furniture:
            continue
        listed = element.tag in _LISTLIKE and _is_link_list(element, weights)
        if (
            listed
            or _is_teaser(element, weights)
            or _is_related(element, weights)
            or _is_related_title(element, weights)
        ):
            yield element


def _is_link_list(element: "_Element", weights: Weights) -> bool:
    links = sum(1 for _ in element.iter("a"))
    if element.tag in HEADINGS:
        return False
    return links >= 3 and weights.link_share(element) > _ALL_LINKS


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
    if element.tag not in BLOCKS or not 0 < weights.chars[element] <= _SHORT_TITLE:
        return False
    return bool(RELATED_TITLE.fullmatch(words(element)))
