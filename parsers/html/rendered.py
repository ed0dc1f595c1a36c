"""Pages whose text only a browser makes: what they state of it in their data, and how they are told."""

import re
from html import unescape
from typing import TYPE_CHECKING

from parsers.html.metadata import articles
from parsers.html.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

LITTLE_TEXT = 200  # bytes, as is NO_TEXT: one sentence, in any script
NO_TEXT = 60
_TAG = re.compile(r"<[^<>]{1,500}>")
_LINES = re.compile(r"\s*\n\s*|</p>|<br\s*/?>", re.I)
_SHELLS = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "q-app", "app-root", "svelte", "main-app"}
)
_DATA = frozenset({"__NEXT_DATA__", "__NUXT_DATA__", "ng-state"})


def stated_body(page: "_Element") -> list[str]:
    """Return the paragraphs of the article that a page's JSON-LD holds, none without one."""
    bodies = (item.get("articleBody") for item in articles(page))
    body = next((body for body in bodies if isinstance(body, str) and len(body) > LITTLE_TEXT), "")
    parts = (unescape(_TAG.sub(" ", unescape(part))) for part in _LINES.split(body))
    return [text for part in parts if (text := " ".join(part.split()))]


def needs_browser(page: "_Element") -> bool:
    """Whether a page of little text says that scripts make it: an empty shell, data for it, or a notice."""
    scripts = list(page.iter("script"))
    if not scripts:
        return False
    if any(script.get("id") in _DATA for script in scripts):
        return True
    if any("javascript" in words(notice).lower() for notice in page.iter("noscript")):
        return True
    return any(
        part.get("id") in _SHELLS or part.tag in _SHELLS for part in page.iter("div", "main", "app-root")
    )
