"""HTML as an lxml tree, whatever its encoding, and never deeper than a walk can follow."""

import re
from typing import TYPE_CHECKING

from parsers.encoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED_WITHIN = 4096
_MAX_ATTRIBUTES = 2_000
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{200000,}>")


def html_tree(content: bytes, declared: str = "") -> "_Element | None":
    """Return the root of an HTML page, None if there is no element in it.

    Depth is not limited, so that nothing is lost in deep nesting; walks over the tree must not recurse.
    """
    from bs4.dammit import EncodingDetector
    from lxml import etree

    stated = EncodingDetector.find_declared_encoding(content[:_DECLARED_WITHIN], is_html=True)
    text = decode(content, declared or (stated or ""))
    parser = etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True
    )
    text = _HUGE_TAG.sub(_shortened, text)
    return etree.fromstring(text.encode(), parser) if text.strip() else None


def words(element: "_Element") -> str:
    """Return all text in an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def _shortened(tag: re.Match[str]) -> str:
    """Return a tag of absurd length without most of its attributes: they carry no text."""
    return " ".join(tag.group().split(maxsplit=_MAX_ATTRIBUTES)[:_MAX_ATTRIBUTES]) + ">"
