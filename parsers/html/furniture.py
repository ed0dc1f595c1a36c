"""What a part of a page says of itself: furniture, by its tag, role, style or names."""

from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.html.tree import words
from parsers.html.vocabulary import (
    ARTICLE,
    BESIDE,
    CONTENT,
    FURNITURE,
    FURNITURE_ROLES,
    FURNITURE_TAGS,
    HEADINGS,
    HIDDEN_STYLE,
    NEUTRAL,
    OPENS,
    TAB,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTENT_TAGS = frozenset({"body", "main", "article", "html", "pre", "code", "header", "footer", "aside"})


def is_set_apart(element: "_Element") -> bool:
    """Whether an element's tag, role or style say that it is no content."""
    tag = element.tag
    if tag in FURNITURE_TAGS:
        return True
    if tag in ("header", "footer"):
        return _is_frame(element)
    if not element.attrib:
        return tag == "aside"
    if _is_hidden(element):
        return not _shows_in_time(element)
    if element.get("role") in FURNITURE_ROLES:
        return True
    return tag == "aside" and not CONTENT.search(_names(element))


def is_named_furniture(element: "_Element") -> bool:
    """Whether an element's class or id say that it is no content."""
    tag, names = element.tag, _names(element)
    if names == " " or tag in _CONTENT_TAGS or ARTICLE.search(names):
        return False
    if not _named_furniture(OPENS.sub("", names) if tag == "a" else names):
        return False
    return _named_furniture(element.get("class", "")) or not _is_one_of_sections(element)


def _names(element: "_Element") -> str:
    """Return an element's class and id; a heading's id is made of its words, and says nothing."""
    return f"{element.get('class', '')} {'' if element.tag in HEADINGS else element.get('id', '')}"


def _is_hidden(element: "_Element") -> bool:
    attributes = element.attrib
    if attributes.get("hidden", "until-found") != "until-found" or attributes.get("aria-hidden") == "true":
        return True
    return bool(HIDDEN_STYLE.search(attributes.get("style", "")))


def _shows_in_time(element: "_Element") -> bool:
    """Whether what is hidden is content: behind a tab, or a formula for those who cannot see the picture."""
    if element.tag in ("body", "main", "article", "figcaption"):  # pandoc hides captions like alt texts
        return True
    if element.get("role") == "tabpanel" or TAB.search(element.get("class", "")):
        return True
    return "math" in element.get("class", "") or next(element.iterchildren("math"), None) is not None


def _is_one_of_sections(element: "_Element") -> bool:
    """Whether ids are made of headings here: the element's own, and a harmless one around or beside it."""
    near = (element.getparent(), element.getprevious(), element.getnext())
    harmless = (other for other in near if other is not None and not _named_furniture(other.get("id", "")))
    return _is_made_of_heading(element) and any(map(_is_made_of_heading, harmless))


def _is_made_of_heading(element: "_Element") -> bool:
    """Whether an element's id is made of its first heading's words, a number before them left aside."""
    given = _letters(element.get("id", ""))
    heading = next(element.iter(*HEADINGS), None) if given else None
    return heading is not None and _letters(words(heading)).endswith(given)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _is_frame(element: "_Element") -> bool:
    """Whether a header or footer is the page's own, not that of its article."""
    if element.tag == "header" and next(element.iter("h1"), None) is not None:
        return False
    above = {above.tag for above in element.iterancestors()}
    if element.tag == "footer":
        return above.isdisjoint(("blockquote", "figure"))  # else it says who is quoted
    return "article" not in above


def is_beside(element: "_Element") -> bool:
    """Whether an element's names leave no doubt that it stands beside the content."""
    return bool(BESIDE.search(_names(element)))


@lru_cache(maxsize=20_000)
def _named_furniture(names: str) -> bool:
    names = NEUTRAL.sub("", names)
    return bool(FURNITURE.search(names) or FURNITURE.search(words_apart(names)))


def words_apart(names: str) -> str:
    """Return names with a hyphen before each capital: `articleIntro` has two words."""
    return "".join(f"-{char}" if char.isupper() else char for char in names)
