"""What a question calls the document that it is about."""

import re

from pipeline.llms.extractive.reading import plain_heading
from schemas.documents import BlockKind, Document

# The head noun that lets a title stand with an article: `the Harbour Operations Handbook`.
_WORKS_TEXT = """
handbook manual guide guidelines policy policies report plan agreement regulations regulation rules code
act standard standards specification specifications procedure procedures charter bylaws by-laws statute
statutes constitution notice bulletin catalogue catalog directive protocol contract terms handout faq
tariff schedule review survey overview summary curriculum syllabus reference documentation
"""
_WORKS = frozenset(_WORKS_TEXT.split())
_EMPTY_TEXT = """
untitled document index readme home default title none page scan unknown
"""
_EMPTY = frozenset(_EMPTY_TEXT.split())
_FILE_ENDING = re.compile(
    r"\.(?:pdf|docx?|html?|md|markdown|txt|rst|tex|pptx?|xlsx?|epub|json|csv)$", re.IGNORECASE
)
_PRODUCER = re.compile(r"^Microsoft (?:Word|PowerPoint) - ", re.IGNORECASE)
_MAX_TITLE_CHARACTERS = 90


def document_name(document: Document) -> str | None:
    """Return the document's name as it stands inside a sentence, None where it has no usable one.

    A title that ends in the name of a kind of work takes an article, any other one stands in quotes.
    """
    titles = (document.metadata.title, _first_heading(document), document.source.title)
    title = next((title for raw in titles if (title := _clean(raw))), None)
    return None if title is None else _in_sentence(title)


def _first_heading(document: Document) -> str:
    for block in document.blocks[:2]:
        if block.kind is BlockKind.HEADING:
            return plain_heading(document.block_text(block)) if block.level <= 1 else ""
    return ""


def _clean(raw: str) -> str:
    title = plain_heading(_PRODUCER.sub("", _FILE_ENDING.sub("", raw.strip().lstrip("# "))))
    title = title.split(" | ")[0].strip(" .:")
    if "_" in title or (" " not in title and "-" in title):
        title = " ".join(re.split(r"[_\-\s]+", title)).strip()
    letters = sum(character.isalpha() for character in title)
    usable = (
        not title.endswith("?")
        and letters >= 3
        and letters * 2 >= len(title)
        and len(title) <= _MAX_TITLE_CHARACTERS
    )
    return title if usable and title.casefold().rstrip("0123456789 ") not in _EMPTY else ""


def _in_sentence(title: str) -> str:
    bare = title.replace('"', "'")
    first, _, rest = bare.partition(" ")
    words = bare.split()
    capitals = all(word[0].isupper() or len(word) <= 3 for word in words)
    plain_title = capitals and not re.search(r"[:;,.!?()/–—\d]", bare) and len(words) >= 2
    if plain_title and first == "The":
        return f"the {rest}"
    if plain_title and words[-1].casefold() in _WORKS and first not in ("A", "An", "Your", "Our", "My"):
        return f"the {bare}"
    return f'"{bare}"'
