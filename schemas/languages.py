"""The languages that samples may be in, and in which of them each recipe asks and answers."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

# Those that Llama 4 was made for, by ISO 639-1 code.
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "pt": "Portuguese",
    "th": "Thai",
    "tl": "Tagalog",
    "vi": "Vietnamese",
}
_CODES = {name.casefold(): code for code, name in LANGUAGES.items()}


def language_code(said: object) -> object:
    """Return the code of a language that is named by code or English name: `de`, `DE`, `pt-BR`, `German`.

    Raises:
        ValueError: it is none of the twelve; the message names them.
    """
    if not isinstance(said, str):
        return said
    name = said.strip().casefold()
    code = _CODES.get(name) or name.replace("_", "-").partition("-")[0]
    if code not in LANGUAGES:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise ValueError(f"'{said}' is none of {known}")
    return code


Language = Annotated[str, BeforeValidator(language_code)]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The languages of a recipe's questions and answers, and of the documents that it asks about.

    None is the document's own for the first two, and any for `source`.
    """

    question: str | None = None
    answer: str | None = None
    source: str | None = None

    def refuses(self, language: str | None) -> str:
        """Return why documents in `language` are not asked about, as a word for the ledger, else nothing.

        Those whose language is not known are.
        """
        if language is None:
            return ""
        if self.source is not None and language != self.source:
            return "other_source_language"
        own = self.question is None or self.answer is None
        return "unsupported_language" if own and language not in LANGUAGES else ""
