"""Whether a passage is in the one language that the rules word questions in."""

import re
from functools import lru_cache

from pipeline.languages import identified
from schemas.documents import BlockKind, Document, Passage

_FUNCTION_WORDS_TEXT = """
the of and to in is are be for with that by from must may this which not or on as at an
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
_FOREIGN_WORDS_TEXT = """
der die und das ist le les des et est el los las del que il della che não uma het een och att ikke
"""
_FOREIGN_WORDS = frozenset(_FOREIGN_WORDS_TEXT.split())
_SAMPLE_CHARACTERS = 6_000
_MIN_SHARE = 0.08
_FIRST_BLOCKS = 20


def is_english(passage: Passage) -> bool:
    """Return whether the document is in English and the passage is not plainly in another language.

    Where the document's language is not known, the passage's function words decide; one of tables only has
    none, and then the start of its document does. In a file of nothing but tables, its names tell.
    """
    document = passage.document
    own = _share(document.text[passage.start : min(passage.end, passage.start + _SAMPLE_CHARACTERS)])
    if document.language:
        return document.language.lower().partition("-")[0] == "en" and own > -_MIN_SHARE
    if own >= _MIN_SHARE or own < 0:
        return own > 0
    start = document.text[:_SAMPLE_CHARACTERS]
    return _share(start) >= _MIN_SHARE or (_is_table(document) and _likeliest(start) == "en")


def _is_table(document: Document) -> bool:
    """Whether a document begins with tables, and headings above them, alone."""
    kinds = {block.kind for block in document.blocks[:_FIRST_BLOCKS]}
    return BlockKind.TABLE in kinds and kinds <= {BlockKind.TABLE, BlockKind.HEADING}


@lru_cache(maxsize=8)  # asked for with every passage of a document
def _likeliest(text: str) -> str:
    return identified(text).code


def _share(text: str) -> float:
    """Return the share of English function words, less that of some of its neighbours'."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = sum((word in _FUNCTION_WORDS) - (word in _FOREIGN_WORDS) for word in words)
    return hits / len(words) if words else 0.0
