"""Translations, plain or in the interpreter's form: recognised language, translation, answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field

from pipeline.follow_ups import extended
from pipeline.interpreter import interpreted
from pipeline.languages import language_of, sure_language
from pipeline.prompts import STANDALONE, language_name, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.languages import Language
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

_UNKNOWN = "und"  # ISO 639-2 for what cannot be told
_INTO, _ASKED_IN = "en", "es"  # where neither options nor settings name a language


class TranslateOptions(Options):
    """Languages as ISO 639-1 codes, of the twelve that Llama 4 knows."""

    form: Literal["plain", "interpreter"] = "plain"
    into: tuple[Language, ...] = Field(
        default=(), description="languages of the answers; the settings' `answer_language`, or `en`"
    )
    asked_in: tuple[Language, ...] = Field(
        default=(),
        description="languages of the questions, in the interpreter's form; `question_language`, or `es`",
    )


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
    """What a sample says, what of it is in the source language, and what in the target language."""

    question: str
    original: str
    answer: str
    translated: str
    quotes: list[str]


class Translating:
    """Asks for translations of each passage, one request for each language or pair of languages."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, TranslateOptions)
        options = setup.options
        self._setup, self._plain = setup, options.form == "plain"
        self._into = options.into or (setup.answer_language or _INTO,)
        self._asked_in = options.asked_in or (setup.question_language or _ASKED_IN,)

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield the requests for each passage; none into the language that its document is in."""
        for passage in passages:
            for source in (language_of(passage),) if self._plain else self._asked_in:
                for target in self._into:
                    if target != source:
                        yield self._request(passage, source or _UNKNOWN, target)

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
            yield replace(sample, fault=_fault(told, request))

    def _request(self, passage: Passage, source: str, target: str) -> Request:
        task = (_PLAIN if self._plain else _INTERPRETER).format(
            count=self._setup.count,
            asked=language_name(source),
            target=language_name(target),
            standalone=STANDALONE,
        )
        schema = Translations if self._plain else Interpretations
        asked = request("translate", self._setup, (passage,), task, schema, self._setup.count)
        return extended(asked, BetweenLanguages, source=source, target=target)


def _translations(request: BetweenLanguages, reply: Reply) -> Iterator[Told]:
    for item in answer_of(reply, Translations).items:
        question = f"Translate into {language_name(request.target)}:\n\n{item.source.strip()}"
        yield Told(question, item.source, item.translation, item.translation, [item.source])


def _interpretations(request: BetweenLanguages, reply: Reply) -> Iterator[Told]:
    for item in answer_of(reply, Interpretations).items:
        answer = interpreted(language_name(request.source), item.translation, item.answer)
        translated = f"{item.translation} {item.answer}"
        yield Told(item.question, item.question, answer, translated, item.evidence)


def _fault(told: Told, request: BetweenLanguages) -> str | None:
    """Return what is wrong with the languages; what is too short to tell may be in any."""
    if sure_language(told.translated) not in (None, request.target):
        return "translated_into_another_language"
    if request.source != _UNKNOWN and sure_language(told.original) not in (None, request.source):
        return "asked_in_another_language"
    return None


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
