"""Which part of a page is its content: what a reader came for, without the furniture around it.

Four steps, each in a file of its own; vocabulary.py has the words that they look for.

1. **Weigh** (weighing.py). Each element gets the weight of the prose in it. A run of text that is long
   enough for a sentence counts in full, a shorter one a quarter (labels, buttons), text in links nothing.
   Weight is bytes of UTF-8, so that a page in Chinese is weighed as one in English is.
2. **Take out furniture** (furniture.py). Menus, banners, comments, adverts say what they are: by their tag,
   role, style, class or id. What is said so weighs nothing, unless it holds most of the page: then the
   name must mean something else.
3. **Descend** (descent.py). From the body downwards, always into the child with most prose, as long as it
   has the better part of what its parent has, and nothing of its like stands beside it: further sections,
   code, or text that goes on outside. Where that ends is the root of the content.
4. **Tidy up.** What belongs to the content but stands before it is fetched: the title (here) and lead-ins
   (lead_ins.py). What is in it, has no name, and leads elsewhere is left out: lists of links, paging,
   "read more" (loose_ends.py).

No rule knows a site. A new rule stands on a cause that several pages share, has a test in
tests/parsers/test_html.py, and is scored with `python -m benchmarks.parsing_html --pages FOLDER`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.html.descent import descend
from parsers.html.lead_ins import lead_ins
from parsers.html.loose_ends import loose_ends
from parsers.html.weighing import Weights, weigh

if TYPE_CHECKING:
    from lxml.etree import _Element


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
    root = descend(body, weights)
    leads = tuple(lead_ins(root, body, weights))
    before = (*_title(root, body, weights), *leads)
    skipped = frozenset({*weights.furniture, *loose_ends(root, weights)})
    return MainContent(root, skipped, before, weights.link_share(body))


def _title(root: "_Element", body: "_Element", weights: Weights) -> Iterator["_Element"]:
    """Yield the title nearest to the content, unless it has one; several are titles of its sections."""
    titles = [part for part in body.iter("h1") if weights.chars.get(part)]
    above = {element: depth for depth, element in enumerate(reversed([root, *root.iterancestors()]))}
    depths = {title: next(above[part] for part in title.iterancestors() if part in above) for title in titles}
    if sum(depth == above[root] for depth in depths.values()) == 1:
        return
    outside = (title for title in titles if depths[title] < above[root])
    apart = [title for title in outside if weights.furniture.isdisjoint((title, *title.iterancestors()))]
    if apart:
        yield max(apart, key=depths.__getitem__)
