"""Translations, plain or in the interpreter's form: recognised language, translation, answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field, field_validator

from pipeline.filters.language import identified
from pipeline.follow_ups import extended
from pipeline.prompts import LANGUAGES, STANDALONE, language_name, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_PLAIN = """\
Choose {count} stretches of one to three sentences from the material that say something worth knowing, and
translate each into {target}. `source` is the stretch, copied character for character; `translation` is
faithful and idiomatic, with every number, unit and name kept."""

_INTERPRETER = """\
Write {count} questions about what the material states. Write each question in {asked}; `translation` is the
same question in {target}, and `answer` answers it completely, in {target}, from the material.
{standalone}
`evidence` holds one to three quotes that support the answer, copied character for character."""

_LEAST_LETTERS = 20  # fewer do not tell a language
_SURE = 0.9
_INTERPRETED = "Recognised language: {language}\nTranslation: {translation}\nAnswer: {answer}"


def _known(codes: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        raise ValueError(f"'{unknown[0]}' is none of {', '.join(LANGUAGES)}")
    return codes


class TranslateOptions(Options):
    """Languages as ISO 639-1 codes, of the twelve that Llama 4 knows."""

    form: Literal["plain", "interpreter"] = "plain"
    into: tuple[str, ...] = Field(default=("en",), min_length=1, description="languages of the answers")
    asked_in: tuple[str, ...] = Field(
        default=("es",), min_length=1, description="languages of the questions, in the interpreter's form"
    )

    _into_known = field_validator("into", "asked_in")(_known)


class Translation(Answer):
    """A stretch of the source, and what it is in another language."""

    source: str
    translation: str


class Translations(Answer):
    """The reply in the plain form."""

    items: list[Translation]


class Interpretation(Answer):
    """A question in one language, and its translation and answer in another."""

    question: str
    translation: str
    answer: str
    evidence: list[str] = Field(min_length=1)


class Interpretations(Answer):
    """The reply in the interpreter's form."""

    items: list[Interpretation]


@dataclass(frozen=True, slots=True)
class BetweenLanguages(Request):
    """A request that knows from which language into which it goes."""

    source: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sample says, and the part of its answer that is in the target language."""

    question: str
    answer: str
    translated: str
    quotes: list[str]


class Translating:
    """Asks for translations of each passage, one request for each language or pair of languages."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, TranslateOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield the requests for each passage; none into the language that its document is in."""
        plain = self._options.form == "plain"
        for passage in passages:
            sources = (passage.document.language,) if plain else self._options.asked_in
            for source in sources:
                for target in self._options.into:
                    if target != source:
                        yield self._request(passage, source or "und", target)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each item, at fault where it is plainly in another language than asked for.

        Its kind names the languages, as in `en-de`.
        """
        assert isinstance(request, BetweenLanguages)
        plain = request.answer_schema is Translations
        for told in _translations(request, reply) if plain else _interpretations(request, reply):
            sample = question_and_answer(
                request,
                reply,
                told.question,
                told.answer,
                told.quotes,
                kind=f"{request.source}-{request.target}",
                language=request.target,
            )
            is_right = _is_in(told.translated, request.target)
            yield sample if is_right else replace(sample, fault="translated_into_another_language")

    def _request(self, passage: Passage, source: str, target: str) -> Request:
        plain = self._options.form == "plain"
        task = (_PLAIN if plain else _INTERPRETER).format(
            count=self._setup.count,
            asked=language_name(source),
            target=language_name(target),
            standalone=STANDALONE,
        )
        schema = Translations if plain else Interpretations
        asked = request("translate", self._setup, (passage,), task, schema, self._setup.count)
        return extended(asked, BetweenLanguages, source=source, target=target)


def _translations(request: BetweenLanguages, reply: Reply) -> Iterator[Told]:
    for item in answer_of(reply, Translations).items:
        question = f"Translate into {language_name(request.target)}:\n\n{item.source.strip()}"
        yield Told(question, item.translation, item.translation, [item.source])


def _interpretations(request: BetweenLanguages, reply: Reply) -> Iterator[Told]:
    for item in answer_of(reply, Interpretations).items:
        answer = _INTERPRETED.format(
            language=language_name(request.source),
            translation=item.translation.strip(),
            answer=item.answer.strip(),
        )
        translated = f"{item.translation} {item.answer}"
        yield Told(item.question, answer, translated, item.evidence)


def _is_in(text: str, language: str) -> bool:
    """Return whether `text` may be in `language`; what is too short to tell may be."""
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return True
    found, confidence = identified(text)
    return found == language or confidence < _SURE


recipes.add(
    "translate",
    RecipeEntry(
        Translating,
        "translations, and questions answered across languages",
        CHAT_FORMATS,
        TranslateOptions,
        2,
    ),
)
