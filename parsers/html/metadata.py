"""What a page says of itself: title, author, dates, canonical address, language."""

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from parsers.html.tree import words
from schemas.documents import Metadata

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_JSON = 500_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl")
_EACH_AUTHOR = ("citation_author", "dc.creator")
_NAMES = ("property", "name", "itemprop", "http-equiv")
_LANGUAGES = ("content-language", "dc.language", "og:locale")
_CREATED = (
    "article:published_time",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.created",
    "citation_date",
    "citation_publication_date",
    "datepublished",
    "pubdate",
)
_MODIFIED = ("article:modified_time", "last-modified", "og:updated_time", "datemodified", "dcterms.modified")
_SITE_SUFFIX = re.compile(r"\s+(?:[|·–—«»]|-|::)\s+[^|·–—«»]{2,40}$")


def page_metadata(root: "_Element") -> Metadata:
    """Return what a page's head, its JSON-LD and its marked elements state, in this order of trust."""
    stated = _meta(root)
    linked = next(articles(root), {})
    return Metadata(
        title=_title(root, stated, linked),
        author=_first(stated, _AUTHORS) or _names(linked.get("author")) or _marked(root, "author"),
        created=_date(_first(stated, _CREATED), linked.get("datePublished"), _time(root)),
        modified=_date(_first(stated, _MODIFIED), linked.get("dateModified")),
        canonical_url=_canonical(root, stated),
    )


def page_language(root: "_Element") -> str | None:
    """Return the ISO 639-1 code that a page states, None if it states none."""
    named = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    stated = named or _first(_meta(root), _LANGUAGES)
    code = re.split(r"[-_]", stated.strip().lower())[0]
    return code if re.fullmatch("[a-z]{2}", code) else None


def _meta(root: "_Element") -> dict[str, str]:
    """Return what is stated under each name, for the first time; of authors, all."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = next(filter(None, (element.get(key) for key in _NAMES)), "").strip().lower()
        content = " ".join((element.get("content") or "").split())
        if name in _EACH_AUTHOR and name in found and content not in found[name]:
            found[name] += f"; {content}"
        elif name and content:
            found.setdefault(name, content)
    return found


def _first(stated: dict[str, str], names: tuple[str, ...]) -> str:
    values = (stated[name] for name in names if name in stated)
    return next((value for value in values if not value.startswith(("http://", "https://"))), "")


def _title(root: "_Element", stated: dict[str, str], linked: dict[str, Any]) -> str:
    headline = linked.get("headline")
    if title := _first(stated, _TITLES) or (headline if isinstance(headline, str) else ""):
        return title
    named = next((words(part) for part in root.iter("title")), "")
    headings = [words(part) for part in root.iter("h1")]
    shorter = _SITE_SUFFIX.sub("", named)
    if shorter in headings or len(headings) != 1:
        return shorter
    return headings[0] if headings[0] and headings[0] in named else named


def _canonical(root: "_Element", stated: dict[str, str]) -> str:
    links = (link for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    address = next((link.get("href") or "" for link in links), "") or stated.get("og:url", "")
    return address if address.startswith(("http://", "https://")) else ""


def _time(root: "_Element") -> str:
    return next((part.get("datetime") or "" for part in root.iter("time") if part.get("datetime")), "")


def _marked(root: "_Element", name: str) -> str:
    for element in root.iter("a", "span", "address", "p", "div"):
        if element.get("rel") == name or element.get("itemprop") == name:
            text = words(element)
            if 0 < len(text) <= 80:
                return text
    return ""


def _date(*stated: object) -> str:
    for value in stated:
        if isinstance(value, str) and (found := _DATE.search(value) or _DATE.search(_mail_date(value))):
            return found.group().replace(" ", "T")
    return ""


def _mail_date(value: str) -> str:
    """Return a date as servers write it, `Tue, 04 May 2021 10:00:00 GMT`, in ISO 8601; else nothing."""
    try:
        return parsedate_to_datetime(value).isoformat()
    except ValueError:
        return ""


def _names(author: object) -> str:
    people = author if isinstance(author, list) else [author]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    return ", ".join(name for name in names if isinstance(name, str) and not name.startswith("http"))


def articles(root: "_Element") -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects that describe an article."""
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or not 0 < len(script.text or "") < _MAX_JSON:
            continue
        try:
            loaded = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        items = list(_objects(loaded))
        people = {item.get("@id"): item for item in items if item.get("name")}
        for item in items:
            if isinstance(by := item.get("author"), dict | list):
                item["author"] = [_named(person, people) for person in (by if isinstance(by, list) else [by])]
            if "Article" in str(item.get("@type")) or item.get("@type") in ("BlogPosting", "WebPage"):
                yield item


def _named(person: object, people: dict[object, dict[str, Any]]) -> object:
    """Return the person that a reference within the page leads to, else what was given."""
    return people.get(person.get("@id"), person) if isinstance(person, dict) else person


def _objects(loaded: object) -> Iterator[dict[str, Any]]:
    items = loaded if isinstance(loaded, list) else [loaded]
    for item in items:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()
