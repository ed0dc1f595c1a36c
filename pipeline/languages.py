"""Which language a text, a document or a passage is in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from schemas.documents import BlockKind, Document, Passage
from schemas.languages import LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_MOST_CHARACTERS = 2000  # more tell no more
_LEAST_LETTERS = 20  # fewer tell no language
_SURE = 0.9
# Of 300 characters each in 40 other languages, all but the nearest relatives leave the twelve less than this
# together, and none in one of the twelve does (docs/decisions/recipes.md).
_TWELVE_AT_LEAST = 0.01
_NO_LANGUAGE = "zxx"  # what the identifier calls numbers, code and the like

_STRETCHES = 5  # of a document are looked at
_STRETCH_CHARACTERS = 500
_LEAST_STRETCH_LETTERS = 100
_SURE_OF_STRETCH = 0.99
_PROSE = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CAPTION})


class Identified(NamedTuple):
    """A language's ISO 639-1 code, and how probable it is. The code is empty where there is no language."""

    code: str
    probability: float


def identified(text: str) -> Identified:
    """Return the likeliest of the twelve languages, or another one where it is plainly none of them."""
    found = {str(code): float(share) for code, share in _identifier().rank(text[:_MOST_CHARACTERS])}
    twelve = sum(found[code] for code in LANGUAGES)
    if twelve >= _TWELVE_AT_LEAST:
        best = max(LANGUAGES, key=found.__getitem__)
        return Identified(best, found[best] / twelve)
    best = max(found, key=found.__getitem__)
    return Identified("", 0.0) if best == _NO_LANGUAGE else Identified(best, found[best])


def sure_language(text: str) -> str | None:
    """Return the language that `text` surely is in, None where it is too short, or could be in another."""
    if letters(text) < _LEAST_LETTERS:
        return None
    found = identified(text)
    return found.code if found.probability >= _SURE else None


def letters(text: str) -> int:
    """Return how many characters of `text` are letters."""
    return sum(map(str.isalpha, text))


def with_language(document: Document) -> Document:
    """Return `document` with the language that its prose is in, whatever it says of itself.

    Stretches from all over it are identified. Where none tells a language, what the document states stays;
    where they tell different ones, it has none, and each passage is asked by itself.
    """
    told = {found.code for text in _stretches(document) if (found := _of_stretch(text)) is not None}
    language = _stated(document.language) if not told else told.pop() if len(told) == 1 else None
    return document if language == document.language else replace(document, language=language)


def language_of(passage: Passage) -> str | None:
    """Return the language of a passage: its document's, else what is identified; None where nothing tells."""
    return passage.document.language or _of_text(passage.text[:_MOST_CHARACTERS])


@lru_cache(maxsize=512)  # the samples of one passage come together
def _of_text(text: str) -> str | None:
    return sure_language(text)


def _stated(said: str | None) -> str | None:
    """Return the code in what a document says, as in `en-GB` or `German`; None where there is none."""
    code = (said or "").strip().casefold().replace("_", "-").partition("-")[0]
    known = next((known for known, name in LANGUAGES.items() if name.casefold() == code), code)
    return known if re.fullmatch("[a-z]{2,3}", known) else None


def _of_stretch(text: str) -> Identified | None:
    if letters(text) < _LEAST_STRETCH_LETTERS:
        return None
    found = identified(text)
    return found if found.code and found.probability >= _SURE_OF_STRETCH else None


def _stretches(document: Document) -> Iterator[str]:
    """Yield pieces of the prose, evenly spread; all of it where it is short."""
    prose = "\n".join(document.block_text(block) for block in document.blocks if block.kind in _PROSE)
    if len(prose) <= _STRETCHES * _STRETCH_CHARACTERS:
        yield from (prose[at : at + _STRETCH_CHARACTERS] for at in range(0, len(prose), _STRETCH_CHARACTERS))
        return
    last = len(prose) - _STRETCH_CHARACTERS
    for number in range(_STRETCHES):
        start = last * number // (_STRETCHES - 1)
        yield prose[start : start + _STRETCH_CHARACTERS]


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
