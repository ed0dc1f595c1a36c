"""HTML as an lxml tree, whatever its encoding, and however deep."""

import re
from typing import TYPE_CHECKING

from parsers.encoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED_WITHIN = 4096
_MAX_ATTRIBUTES = 2_000
_WRAPPERS = re.compile(r"</?(?:div|span|font|center|section|b|i|em|strong|blockquote)\b[^<>]*>", re.I)
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{200000,}>")


def html_tree(content: bytes, declared: str = "") -> "_Element | None":
    """Return the root of an HTML page, None if there is no element in it.

    What is nested deeper than the library follows loses the elements that only wrap others, not its text.
    """
    from bs4.dammit import EncodingDetector

    stated = EncodingDetector.find_declared_encoding(content[:_DECLARED_WITHIN], is_html=True)
    text = decode(content, declared or (stated or ""))
    text = _HUGE_TAG.sub(_shortened, text)
    root, too_deep = _parsed(text)
    return _parsed(_WRAPPERS.sub(" ", text))[0] if too_deep else root


def _parsed(text: str) -> "tuple[_Element | None, bool]":
    """Return the root, and whether something was lost because it is nested too deep."""
    from lxml import etree

    parser = etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True
    )
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    return root, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def words(element: "_Element") -> str:
    """Return all text in an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def _shortened(tag: re.Match[str]) -> str:
    """Return a tag of absurd length without most of its attributes: they carry no text."""
    return " ".join(tag.group().split(maxsplit=_MAX_ATTRIBUTES)[:_MAX_ATTRIBUTES]) + ">"
