"""Which part of a page is its content: what a reader came for, without the furniture around it.

The page is weighed once: prose (text in runs of some length, outside links) counts in full, other text a
little. From the body downwards, the content is the smallest element that leaves no prose behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.html.tree import words
from parsers.html.vocabulary import (
    ARTICLE,
    BESIDE,
    BLOCKS,
    CONTENT,
    FURNITURE,
    FURNITURE_ROLES,
    FURNITURE_TAGS,
    HEADINGS,
    HIDDEN_STYLE,
    LEAD,
    NEUTRAL,
    NEVER_TEXT,
    RELATED_TITLE,
    TEASER,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_PROSE_RUN = 60
_SHORT_RUN_WEIGHT = 0.25
_LEAST_SHARE = 0.6
_SIDE_SHARE = 0.05
_LINKED_SIDE = 0.3
_TOO_MUCH_TO_DROP = 0.4
_TOO_MUCH_BESIDE = 0.8
_ALL_LINKS = 0.9
_MOSTLY_LINKED = 0.5
_ALL_PROSE = 0.98
_SHORT_TITLE = 60
_TEXT_TAGS = frozenset({"p", "pre", "ul", "ol", "table", "blockquote", "dl"})
_LISTLIKE = frozenset(
    {"div", "ul", "ol", "section", "aside", "table", "p", "dl", "h2", "h3", "h4", "h5", "figure"}
)


@dataclass(frozen=True, slots=True)
class MainContent:
    """The element that holds the content, what to leave out of it, and the title and lead-in before it.

    `link_share` is how much of the whole page's text is in links, 0 to 1.
    """

    root: "_Element"
    skipped: frozenset["_Element"]
    before: tuple["_Element", ...] = ()
    link_share: float = 0.0


def main_content(page: "_Element") -> MainContent:
    """Return where a page's content is."""
    body = next(page.iter("body"), page)
    weights = _weigh(body)
    root = _descend(body, weights)
    leads = tuple(_leads(root, body, weights))
    titled = next(root.iter("h1"), None) is not None
    before = leads if titled else (*_title(body, weights), *leads)
    skipped = frozenset({*weights.furniture, *_loose_ends(root, weights)})
    return MainContent(root, skipped, before, weights.link_share(body))


@dataclass(slots=True)
class _Weights:
    """For each element: characters inside, those in links, and the weight of its prose."""

    order: list["_Element"] = field(default_factory=list)
    chars: dict["_Element", int] = field(default_factory=dict)
    linked: dict["_Element", int] = field(default_factory=dict)
    prose: dict["_Element", float] = field(default_factory=dict)
    furniture: set["_Element"] = field(default_factory=set)

    def link_share(self, element: "_Element") -> float:
        """Return how much of an element's text is in links, 0 to 1."""
        return self.linked[element] / max(self.chars[element], 1)


def _weigh(body: "_Element") -> _Weights:
    weights = _Weights()
    runs: dict[_Element, int] = {}
    block_of: dict[_Element, _Element] = {}
    in_link: set[_Element] = set()
    for element in _visible(body):
        parent = element.getparent()
        block = element if element.tag in BLOCKS or element is body else block_of[parent]  # type: ignore[index]
        block_of[element] = block
        weights.order.append(element)
        if element.tag == "a" or parent in in_link:
            in_link.add(element)
        text = _size(element.text)
        weights.chars[element] = text
        weights.linked[element] = text if element in in_link else 0
        runs[block] = runs.get(block, 0) + (0 if element in in_link else text)
        if element is not body and (tail := _size(element.tail)):
            weights.chars[parent] += tail  # type: ignore[index]  # parents come first
            if parent in in_link:
                weights.linked[parent] += tail
            else:
                runs[block_of[parent]] += tail  # type: ignore[index]
    for element in weights.order:
        run = runs.get(element, 0)
        weights.prose[element] = run if run >= _PROSE_RUN or element.tag == "pre" else run * _SHORT_RUN_WEIGHT
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


def _sum_up(weights: _Weights, body: "_Element") -> None:
    """Carry sums to parents, children first; then take out what is furniture."""
    whole = dict(weights.prose)
    for element in reversed(weights.order):
        if element is body:
            continue
        parent = element.getparent()
        assert parent is not None
        weights.chars[parent] += weights.chars[element]
        weights.linked[parent] += weights.linked[element]
        whole[parent] += whole[element]
    for element in weights.order:
        if (
            element is not body
            and is_furniture(element)
            and whole[element] <= whole[body] * _droppable(element)
        ):
            weights.furniture.add(element)
    for element in reversed(weights.order):
        if element in weights.furniture:
            weights.prose[element] = 0
        elif element is not body:
            parent = element.getparent()
            assert parent is not None
            weights.prose[parent] += weights.prose[element]


def _droppable(element: "_Element") -> float:
    """Return the share of a page's prose beyond which an element's furniture name must be a misnomer."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return _TOO_MUCH_BESIDE if BESIDE.search(names) else _TOO_MUCH_TO_DROP


def _size(text: str | None) -> int:
    """Return the length in UTF-8 bytes: scripts that say more in a character weigh more."""
    return len(text.strip().encode("utf-8", "replace")) if text else 0


def is_furniture(element: "_Element") -> bool:
    """Whether an element's tag, role, style or names say that it is no content."""
    tag = element.tag
    if tag in FURNITURE_TAGS:
        return True
    if tag in ("header", "footer"):
        return _is_frame(element)
    attributes = element.attrib
    if not attributes:
        return tag == "aside"
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        content = ("body", "main", "article", "figcaption")  # pandoc hides captions that repeat alt texts
        return tag not in content and "math" not in attributes.get("class", "")
    if attributes.get("role") in FURNITURE_ROLES or HIDDEN_STYLE.search(attributes.get("style", "")):
        return True
    names = attributes.get("class", "")
    if tag not in HEADINGS:  # a heading's id is made of its words
        names = f"{names} {attributes.get('id', '')}"
    if tag == "aside":
        return not CONTENT.search(names)
    if tag in ("body", "main", "article", "html", "pre", "code") or ARTICLE.search(names):
        return False
    return _named_furniture(names)


def _is_frame(element: "_Element") -> bool:
    """Whether a header or footer is the page's own, not that of its article."""
    if element.tag == "header" and next(element.iter("h1"), None) is not None:
        return False
    return not any(above.tag == "article" for above in element.iterancestors()) or element.tag == "footer"


@lru_cache(maxsize=20_000)
def _named_furniture(names: str) -> bool:
    names = NEUTRAL.sub("", names)
    return bool(FURNITURE.search(names) or FURNITURE.search(_apart(names)))


def _apart(names: str) -> str:
    """Return names with a hyphen before each capital: `articleIntro` has two words."""
    return "".join(f"-{char}" if char.isupper() else char for char in names)


def _descend(body: "_Element", weights: _Weights) -> "_Element":
    """Return the smallest element that holds most prose around it, and leaves nothing of its like behind."""
    node = body
    while True:
        inner = [child for child in node if child in weights.prose and child not in weights.furniture]
        best = max(inner, key=lambda child: weights.prose[child], default=None)
        if best is None or best.tag not in BLOCKS or best.tag in _TEXT_TAGS:
            return node
        share = weights.prose[best] / max(weights.prose[node], 1)
        others = (child for child in inner if child is not best)
        if share < _LEAST_SHARE or any(_belongs(child, best, weights) for child in others):
            return node
        node = best


def _belongs(other: "_Element", best: "_Element", weights: _Weights) -> bool:
    """Whether an element beside the best one is its like: a further section, or more of its text."""
    if weights.prose[other] < _SIDE_SHARE * weights.prose[best] or weights.link_share(other) > _LINKED_SIDE:
        return False
    if _is_prose_alone(other, weights):
        return not _is_lead(other, weights)  # a lead-in is fetched from where it stands
    return other.tag in _TEXT_TAGS or (other.tag == best.tag and other.get("class") == best.get("class"))


def _is_prose_alone(element: "_Element", weights: _Weights) -> bool:
    """Whether an element is a box of paragraphs without a link."""
    if element.tag != "div" or weights.linked[element]:
        return False
    prosaic = weights.prose[element] >= weights.chars[element] * _ALL_PROSE
    return prosaic and all(child.tag == "p" for child in element)


def _title(body: "_Element", weights: _Weights) -> Iterator["_Element"]:
    """Yield the page's first title that is in no furniture."""
    for part in body.iter("h1"):
        if weights.furniture.isdisjoint((part, *part.iterancestors())):
            yield part
            return


def _leads(root: "_Element", body: "_Element", weights: _Weights) -> Iterator["_Element"]:
    """Yield the lead-ins that stand before the content and outside it, in document order."""
    above = {root, *root.iterancestors()}
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if element is root:
            return
        if element not in weights.chars or element in weights.furniture:
            continue
        if element not in above and _is_lead(element, weights):
            yield element
        else:
            waiting.extend(reversed(element))


def _is_lead(element: "_Element", weights: _Weights) -> bool:
    if element.tag not in BLOCKS or weights.prose[element] < _PROSE_RUN:
        return False
    if weights.link_share(element) > _LINKED_SIDE:
        return False
    named = LEAD.search(_apart(element.get("class", "")))
    return bool(named) and next(element.iter("h1"), None) is None  # else it is a header around a lead-in


def _loose_ends(root: "_Element", weights: _Weights) -> Iterator["_Element"]:
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


def _is_link_list(element: "_Element", weights: _Weights) -> bool:
    links = sum(1 for _ in element.iter("a"))
    if element.tag in HEADINGS:
        return False
    return links >= 3 and weights.link_share(element) > _ALL_LINKS


def _is_teaser(element: "_Element", weights: _Weights) -> bool:
    named = TEASER.search(element.get("class", ""))
    return bool(named) and weights.link_share(element) > _MOSTLY_LINKED


def _is_related(element: "_Element", weights: _Weights) -> bool:
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


def _is_related_title(element: "_Element", weights: _Weights) -> bool:
    if element.tag not in BLOCKS or not 0 < weights.chars[element] <= _SHORT_TITLE:
        return False
    return bool(RELATED_TITLE.fullmatch(words(element)))
