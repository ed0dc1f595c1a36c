"""Drops samples that are not in the language that was asked for."""

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field

from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "id", "it", "pt", "th", "tl", "vi")


class LanguageOptions(Options):
    """Shorter texts are too short to tell, and pass."""

    min_characters: int = Field(default=20, ge=1)
    exempt: tuple[str, ...] = Field(
        default=("translate",), description="recipes that mix languages on purpose"
    )
    min_confidence: float = Field(default=0.9, ge=0, le=1, description="how sure a drop must be")


class LanguageFilter:
    """Identifies the question and the answer among the languages that Llama 4 speaks."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, LanguageOptions)
        self._options, self._asked = setup.options, setup.language
        self._wanted = setup.answer_language or setup.language
        self._answered_apart = setup.answer_language is not None

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `wrong_language`, else a keep. A language beyond the twelve is not judged."""
        source = next((p.document.language for p in passages), None)
        wanted = sample.language or self._wanted or source
        asked = (self._asked or source) if self._answered_apart else wanted
        if sample.recipe_name in self._options.exempt:
            return Verdict("language", keep=True)
        for text, language in ((sample.question, asked), (sample.answer, wanted)):
            if language not in LANGUAGES or sum(map(str.isalpha, text)) < self._options.min_characters:
                continue
            found, confidence = identified(text)
            if found != language and confidence >= self._options.min_confidence:
                return Verdict("language", False, "wrong_language", detail=f"{found}, wanted {language}")
        return Verdict("language", keep=True)


def identified(text: str) -> tuple[str, float]:
    """Return the likeliest of the twelve languages, as an ISO 639-1 code, and its probability."""
    code, probability = _identifier().classify(text[:2000])
    return str(code), float(probability)


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


filters.add("language", FilterEntry(LanguageFilter, "in the language that was asked for", LanguageOptions))
