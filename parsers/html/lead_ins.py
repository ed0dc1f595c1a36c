"""Lead-ins: what introduces an article and stands before its text, outside of the element that holds it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parsers.html.furniture import words_apart
from parsers.html.vocabulary import BLOCKS, LEAD
from parsers.html.weighing import LINKED_SIDE, PROSE_RUN, Weights

if TYPE_CHECKING:
    from lxml.etree import _Element


def lead_ins(root: "_Element", body: "_Element", weights: Weights) -> Iterator["_Element"]:
    """Yield the lead-ins that stand before the content and outside it, in document order."""
    above = {root, *root.iterancestors()}
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if element is root:
            return
        if element not in weights.chars or element in weights.furniture:
            continue
        if element not in above and is_lead(element, weights):
            yield element
        else:
            waiting.extend(reversed(element))


def is_lead(element: "_Element", weights: Weights) -> bool:
    """Whether an element is named as a lead-in, and is prose."""
    if element.tag not in BLOCKS or weights.prose[element] < PROSE_RUN:
        return False
    if weights.link_share(element) > LINKED_SIDE:
        return False
    named = LEAD.search(words_apart(element.get("class", "")))
    return bool(named) and next(element.iter("h1"), None) is None  # else it is a header around a lead-in
