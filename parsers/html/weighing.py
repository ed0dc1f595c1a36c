"""How much prose each element of a page holds, once what is furniture is left aside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.html.furniture import is_beside, is_named_furniture, is_set_apart
from parsers.html.vocabulary import BLOCKS, NEVER_TEXT

if TYPE_CHECKING:
    from lxml.etree import _Element

PROSE_RUN = 60
LINKED_SIDE = 0.3
_SHORT_RUN_WEIGHT = 0.25
_TOO_MUCH_TO_DROP = 0.4
_TOO_MUCH_BESIDE = 0.8
_LONG_TEXT = 1_000
_LEAST_LEFT = 0.05


@dataclass(slots=True)
class Weights:
    """For each element: characters inside, those in links, and the weight of its prose."""

    order: list["_Element"] = field(default_factory=list)
    chars: dict["_Element", int] = field(default_factory=dict)
    linked: dict["_Element", int] = field(default_factory=dict)
    prose: dict["_Element", float] = field(default_factory=dict)
    furniture: set["_Element"] = field(default_factory=set)

    def link_share(self, element: "_Element") -> float:
        """Return how much of an element's text is in links, 0 to 1."""
        return self.linked[element] / max(self.chars[element], 1)


def weigh(body: "_Element") -> Weights:
    """Return what each visible element below `body` weighs, furniture being nothing."""
    weights = Weights()
    runs: dict[_Element, int] = {}
    block_of: dict[_Element, _Element] = {}
    in_link: set[_Element] = set()
    for element in _visible(body):
        parent = element.getparent()
        block = element if element.tag in BLOCKS or element is body else block_of[parent]  # type: ignore[index]  # parents come first
        block_of[element] = block
        weights.order.append(element)
        if element.tag == "a" or parent in in_link:
            in_link.add(element)
        text = _size(element.text)
        weights.chars[element] = text
        weights.linked[element] = text if element in in_link else 0
        runs[block] = runs.get(block, 0) + (0 if element in in_link else text)
        if element is not body and (tail := _size(element.tail)):
            weights.chars[parent] += tail  # type: ignore[index]  # as above
            if parent in in_link:
                weights.linked[parent] += tail
            else:
                runs[block_of[parent]] += tail  # type: ignore[index]  # as above
    for element in weights.order:
        run = runs.get(element, 0)
        weights.prose[element] = run if run >= PROSE_RUN or element.tag == "pre" else run * _SHORT_RUN_WEIGHT
    _sum_up(weights, body)
    return weights


def _visible(body: "_Element") -> Iterator["_Element"]:
    """Yield the elements that can hold text, in document order."""
    from lxml import etree

    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if isinstance(element.tag, str) and element.tag not in NEVER_TEXT:
            yield element
        else:
            walk.skip_subtree()


def _sum_up(weights: Weights, body: "_Element") -> None:
    """Carry sums to parents, children first; then take out what is furniture.

    Where nothing is left without what names call furniture, the names are wrong: a page of comments, say.
    """
    own, whole = weights.prose, dict(weights.prose)
    for element in reversed(weights.order):
        if element is not body:
            parent = element.getparent()
            weights.chars[parent] += weights.chars[element]  # type: ignore[index]  # it is below the body
            weights.linked[parent] += weights.linked[element]  # type: ignore[index]
            whole[parent] += whole[element]  # type: ignore[index]
    droppable = [part for part in weights.order if part is not body and _may_go(part, whole, body)]
    apart = {element for element in droppable if is_set_apart(element)}
    named = {element for element in droppable if element not in apart and is_named_furniture(element)}
    weights.furniture = apart | named
    weights.prose = _left(own, weights)
    if whole[body] >= _LONG_TEXT and weights.prose[body] < _LEAST_LEFT * whole[body]:
        weights.furniture = apart
        weights.prose = _left(own, weights)


def _may_go(element: "_Element", whole: "dict[_Element, float]", body: "_Element") -> bool:
    """Whether an element's share of the prose is not so large that what it says of itself must be wrong."""
    share = whole[element] / whole[body] if whole[body] else 0
    return share <= _TOO_MUCH_TO_DROP or (share <= _TOO_MUCH_BESIDE and is_beside(element))


def _left(own: "dict[_Element, float]", weights: Weights) -> "dict[_Element, float]":
    """Return the prose of each element with that of its children, furniture being nothing."""
    prose = dict(own)
    for element in reversed(weights.order):
        parent = element.getparent()
        if element in weights.furniture:
            prose[element] = 0
        elif parent in prose:
            prose[parent] += prose[element]
    return prose


def _size(text: str | None) -> int:
    """Return the length in UTF-8 bytes: scripts that say more in a character weigh more."""
    return len(text.strip().encode("utf-8", "replace")) if text else 0
