"""From a page's body down to the element that holds its content."""

from typing import TYPE_CHECKING

from parsers.html.lead_ins import is_lead
from parsers.html.vocabulary import BLOCKS, HEADINGS
from parsers.html.weighing import LINKED_SIDE, Weights

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEAST_SHARE = 0.6
_SIDE_SHARE = 0.05
_ALL_PROSE = 0.98
_LAYOUT_SHARE = 0.8
_LAYOUT_BLOCKS = 3
_TEXT_TAGS = frozenset({"p", "pre", "ul", "ol", "table", "blockquote", "dl"})
_NO_ROOTS = _TEXT_TAGS.union(HEADINGS)
_LAYOUT_TAGS = frozenset({"ul", "ol", "table"})


def descend(body: "_Element", weights: Weights) -> "_Element":
    """Return the smallest element that holds most prose around it, and leaves nothing of its like behind."""
    node = body
    while True:
        inner = [child for child in node if child in weights.prose and child not in weights.furniture]
        best = max(inner, key=lambda child: weights.prose[child], default=None)
        if best is None or not _can_be_root(best, weights):
            return node
        share = weights.prose[best] / max(weights.prose[node], 1)
        others = [child for child in inner if child is not best]
        if share < _LEAST_SHARE or any(_belongs(child, best, weights) for child in others):
            return node
        if _loose_prose(node, others, weights) - weights.prose[best] >= _SIDE_SHARE * weights.prose[best]:
            return node
        node = best


def _can_be_root(element: "_Element", weights: Weights) -> bool:
    """Whether an element holds parts of a page, not just text; a list or a table may do that, too."""
    if element.tag in _LAYOUT_TAGS:
        return _is_layout(element, weights)
    return element.tag in BLOCKS and element.tag not in _NO_ROOTS


def _is_layout(element: "_Element", weights: Weights) -> bool:
    """Whether one item or cell of a list or table holds nearly all of its prose, in blocks of its own."""
    parts = (part for part in element.iter("li", "td") if part in weights.prose)
    best = max(parts, key=lambda part: weights.prose[part], default=None)
    if best is None or weights.prose[best] < _LAYOUT_SHARE * weights.prose[element]:
        return False
    return sum(1 for _ in best.iter("p", "div", *HEADINGS)) >= _LAYOUT_BLOCKS


def _loose_prose(node: "_Element", others: "list[_Element]", weights: Weights) -> float:
    """Return the weight of text that stands in an element itself, and of the paragraphs in it."""
    boxes = (other for other in others if other.tag not in _TEXT_TAGS)
    return weights.prose[node] - sum(weights.prose[box] for box in boxes)


def _belongs(other: "_Element", best: "_Element", weights: Weights) -> bool:
    """Whether an element beside the best one is its like: a further section, or more of its text."""
    code = sum(weights.chars.get(part, 0) for part in other.iter("pre"))
    if 2 * code > weights.chars[other] or (code and _share_a_name(other, best)):
        return True
    if weights.link_share(other) > LINKED_SIDE or not weights.chars[other]:
        return False
    if _are_sections(other, best, weights):
        return True
    if weights.prose[other] < _SIDE_SHARE * weights.prose[best]:
        return False
    if _is_prose_alone(other, weights):
        return not is_lead(other, weights)  # a lead-in is fetched from where it stands
    return other.tag in _TEXT_TAGS or (other.tag == best.tag and other.get("class") == best.get("class"))


def _share_a_name(other: "_Element", best: "_Element") -> bool:
    """Whether two elements are of one kind, as the cells of a notebook are."""
    first, second = (set((element.get("class") or "").split()) for element in (other, best))
    return other.tag == best.tag and not first.isdisjoint(second)


def _are_sections(other: "_Element", best: "_Element", weights: Weights) -> bool:
    """Whether two elements both begin with a heading of one level, below a title's, and go on behind it."""
    first, second = _heading(other), _heading(best)
    if first is None or second is None or first.tag != second.tag or first.tag == "h1":
        return False
    return weights.chars[other] > weights.chars.get(first, 0)


def _heading(element: "_Element") -> "_Element | None":
    """Return the heading that an element's text begins with."""
    for part in element.iterdescendants():
        if part.tag in HEADINGS:
            return part
        if part.text and not part.text.isspace():
            return None
    return None


def _is_prose_alone(element: "_Element", weights: Weights) -> bool:
    """Whether an element is a box of paragraphs without a link."""
    if element.tag != "div" or weights.linked[element]:
        return False
    prosaic = weights.prose[element] >= weights.chars[element] * _ALL_PROSE
    return prosaic and all(child.tag == "p" for child in element)
