"""Which part of a page is its content: what a reader came for, without the furniture around it.

Four steps, each in a file of its own; vocabulary.py has the words that they look for.

1. **Weigh** (weighing.py). Each element gets the weight of the prose in it. A run of text that is long
   enough for a sentence counts in full, a shorter one a quarter (labels, buttons), text in links nothing.
   Weight is bytes of UTF-8, so that a page in Chinese is weighed as one in English is.
2. **Take out furniture** (furniture.py). Menus, banners, comments, adverts say what they are: by their tag,
   role, style, class or id. What is said so weighs nothing, unless it holds most of the page: then the
   name must mean something else.
3. **Descend** (here). From the body downwards, always into the child with most prose, as long as it has the
   better part of what its parent has, and nothing of its like stands beside it: further sections, or text
   that goes on outside. Where that ends is the root of the content.
4. **Tidy up.** What belongs to the content but stands before it is fetched: the title (here) and lead-ins
   (lead_ins.py). What is in it, has no name, and leads elsewhere is left out: lists of links, "read more"
   (loose_ends.py).

No rule knows a site. A new rule stands on a cause that several pages share, has a test in
tests/parsers/test_html.py, and is scored with `python -m benchmarks.parsing_html --pages FOLDER`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.html.lead_ins import is_lead, lead_ins
from parsers.html.loose_ends import loose_ends
from parsers.html.vocabulary import BLOCKS
from parsers.html.weighing import LINKED_SIDE, Weights, weigh

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEAST_SHARE = 0.6
_SIDE_SHARE = 0.05
_ALL_PROSE = 0.98
_TEXT_TAGS = frozenset({"p", "pre", "ul", "ol", "table", "blockquote", "dl"})


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
    weights = weigh(body)
    root = _descend(body, weights)
    leads = tuple(lead_ins(root, body, weights))
    titled = next(root.iter("h1"), None) is not None
    before = leads if titled else (*_title(body, weights), *leads)
    skipped = frozenset({*weights.furniture, *loose_ends(root, weights)})
    return MainContent(root, skipped, before, weights.link_share(body))


def _descend(body: "_Element", weights: Weights) -> "_Element":
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


def _belongs(other: "_Element", best: "_Element", weights: Weights) -> bool:
    """Whether an element beside the best one is its like: a further section, or more of its text."""
    if weights.prose[other] < _SIDE_SHARE * weights.prose[best] or weights.link_share(other) > LINKED_SIDE:
        return False
    if _is_prose_alone(other, weights):
        return not is_lead(other, weights)  # a lead-in is fetched from where it stands
    return other.tag in _TEXT_TAGS or (other.tag == best.tag and other.get("class") == best.get("class"))


def _is_prose_alone(element: "_Element", weights: Weights) -> bool:
    """Whether an element is a box of paragraphs without a link."""
    if element.tag != "div" or weights.linked[element]:
        return False
    prosaic = weights.prose[element] >= weights.chars[element] * _ALL_PROSE
    return prosaic and all(child.tag == "p" for child in element)


def _title(body: "_Element", weights: Weights) -> Iterator["_Element"]:
    """Yield the page's first title that is in no furniture."""
    for part in body.iter("h1"):
        if weights.furniture.isdisjoint((part, *part.iterancestors())):
            yield part
            return
