"""Drops samples that are not in the language that was asked for, or that mix others into it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field

from pipeline.languages import identified, language_of, letters
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.languages import LANGUAGES
from schemas.registry import filters
from schemas.requests import Message
from schemas.samples import Sample, Verdict

_SENTENCE_END = re.compile(r"(?<=[.!?।؟])\s+|\n+")
_LEAST_SENTENCE_LETTERS = 30
_SURE_OF_SENTENCE = 0.99
_QUOTED = re.compile(r"```.*?```|`[^`\n]*`|“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"\n]*\"", re.DOTALL)
_SCRIPTS = {
    "Arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]{2,}"),
    "Cyrillic": re.compile(r"[\u0400-\u04ff]{2,}"),
    "Devanagari": re.compile(r"[\u0900-\u097f]{2,}"),
    "East Asian": re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}"),
    "Greek": re.compile(r"[\u0370-\u03ff]{2,}"),
    "Hebrew": re.compile(r"[\u0590-\u05ff]{2,}"),
    "Thai": re.compile(r"[\u0e00-\u0e7f]{2,}"),
}
_AROUND_WORDS = ".,;:!?()[]{}\"'“”‘’„«»*_-–—|।؟،"
_SCRIPT_OF = {"ar": "Arabic", "hi": "Devanagari", "th": "Thai"}


class LanguageOptions(Options):
    """Shorter texts are too short to tell, and pass."""

    min_characters: int = Field(default=20, ge=1)
    exempt: tuple[str, ...] = Field(
        default=("translate", "extract", "cot_enhance"),
        description="recipes whose samples mix languages on purpose, or hold what was given",
    )
    min_confidence: float = Field(default=0.9, ge=0, le=1, description="how sure a drop must be")


class _Text(NamedTuple):
    """What is in one language, and which one it shall be in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What a sample was made from. Its names may be in any language."""

    text: str = ""
    language: str | None = None

    @classmethod
    def of(cls, passages: tuple[Passage, ...]) -> "_Source":
        text = "\n".join(passage.text for passage in passages)
        return cls(text, language_of(passages[0]) if passages else None)

    def beyond(self, text: str, wanted: str) -> str:
        """Return the words of `text` that are not the source's, where both are in one language; else all."""
        if self.language != wanted:
            return text
        known = _bare_words(self.text)
        return " ".join(word for word in text.split() if _bare(word) not in known)


class LanguageFilter:
    """Identifies each turn, and each longer sentence of it, among the languages that Llama 4 speaks."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, LanguageOptions)
        self._options, self._setup = setup.options, setup

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `wrong_language` or `mixes_languages`, else a keep. Languages beyond the twelve pass."""
        if sample.recipe_name in self._options.exempt:
            return Verdict("language", keep=True)
        source = _Source.of(passages)
        for text, wanted in self._texts(sample, passages):
            found = self._other_language(text, wanted)
            if found and self._other_language(source.beyond(text, wanted), wanted):
                return Verdict("language", False, "wrong_language", detail=f"{found}, wanted {wanted}")
            if found := _mixed_in(text, wanted, source, sample.question):
                return Verdict("language", False, "mixes_languages", detail=found[:200])
        return Verdict("language", keep=True)

    def _texts(self, sample: Sample, passages: tuple[Passage, ...]) -> Iterator[_Text]:
        spoken = self._setup.spoken_by.get(sample.recipe, self._setup.spoken)
        source = language_of(passages[0]) if passages else None
        answered = sample.language or spoken.answer or source
        asked = spoken.question or (source if spoken.answer else answered)
        for turn in sample.messages:
            wanted = asked if turn.role == "user" else answered if turn.role == "assistant" else None
            if wanted in LANGUAGES:
                yield _Text(_own_words(turn), wanted)
        others = (turn.content for turn in (sample.chosen, sample.rejected) if turn is not None)
        if answered in LANGUAGES:
            yield from (_Text(text, answered) for text in (sample.reasoning or "", *others))

    def _other_language(self, text: str, wanted: str) -> str:
        if letters(text) < self._options.min_characters:
            return ""
        code, probability = identified(text)
        return code if code != wanted and probability >= self._options.min_confidence else ""


@lru_cache(maxsize=64)  # the samples of one passage come together
def _bare_words(text: str) -> frozenset[str]:
    return frozenset(map(_bare, text.split()))


def _bare(word: str) -> str:
    return word.strip(_AROUND_WORDS).casefold()


def _own_words(turn: Message) -> str:
    """Return what a turn says itself: a prompt may carry a text to work on after an empty line."""
    return turn.content.partition("\n\n")[0] if turn.role == "user" else turn.content


def _mixed_in(text: str, wanted: str, source: _Source, question: str) -> str:
    """Return what in `text` is in another language or script; quotes, and scripts of the source, may be."""
    said = _QUOTED.sub(" ", text)
    for name, script in _SCRIPTS.items():
        found = script.search(said) if name != _SCRIPT_OF.get(wanted) else None
        if found and not script.search(source.text) and not script.search(question):
            return f"{name}: {found[0]}"
    # Names are translated last: a sentence that is all in another language has more letters than one name.
    least = _LEAST_SENTENCE_LETTERS * (1 if source.language in (None, wanted) else 2)
    sentences = [part for part in _SENTENCE_END.split(said) if letters(part) >= least]
    for sentence in sentences if len(sentences) > 1 else ():
        own = source.beyond(sentence, wanted)
        if letters(own) < least:
            continue
        code, probability = identified(own)
        if code != wanted and probability >= _SURE_OF_SENTENCE:
            return f"{code}: {sentence.strip()}"
    return ""


filters.add("language", FilterEntry(LanguageFilter, "in the language that was asked for", LanguageOptions))
