"""Whether a passage is in the one language that the rules word questions in."""

import re

from schemas.documents import Passage

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


def is_english(passage: Passage) -> bool:
    """Return whether the document is in English and the passage is not plainly in another language.

    Where the document's language is not known, the passage's function words decide; one of tables only has
    none, and then the start of its document does.
    """
    own = _share(passage.document.text[passage.start : min(passage.end, passage.start + _SAMPLE_CHARACTERS)])
    if passage.document.language:
        return passage.document.language.lower().partition("-")[0] == "en" and own > -_MIN_SHARE
    return own >= _MIN_SHARE or (
        own >= 0 and _share(passage.document.text[:_SAMPLE_CHARACTERS]) >= _MIN_SHARE
    )


def _share(text: str) -> float:
    """Return the share of English function words, less that of some of its neighbours'."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = sum((word in _FUNCTION_WORDS) - (word in _FOREIGN_WORDS) for word in words)
    return hits / len(words) if words else 0.0
