"""Drops answers whose numbers or names are not in their source and do not follow from it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from pydantic import Field

from pipeline.facts.columns import columns
from pipeline.facts.computed import computed
from pipeline.facts.derivations import derivable
from pipeline.facts.names import names
from pipeline.facts.negation import is_negated
from pipeline.facts.numbers import Number, numbers
from pipeline.facts.reasoned import reasoned
from pipeline.facts.source_view import source_view
from pipeline.facts.words import content_stems, words
from pipeline.interpreter import bare_answer
from pipeline.languages import language_of
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_LEAST_REPEATED, _REPEATED = 3, 0.9
_LEAST_SHARED_STEMS = 0.6
_ITEM_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+", re.MULTILINE)
_KEY = re.compile(r'"[^"\n]*"\s*:')
_FAR = 0.6
_LEAST_WORDS = 5
_MOSTLY = 0.5


class SupportOptions(Options):
    """What counts as supported."""

    min_words: float = Field(
        default=0.34, ge=0, le=1, description="share of the answer's words that its source must hold"
    )
    exempt: tuple[str, ...] = Field(
        default=("unanswerable",), description="recipes and kinds whose answer states nothing"
    )
    wide: tuple[str, ...] = Field(
        default=("summary",), description="recipes and kinds whose answer says more than a few quotes hold"
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may lean on."""

    text: str
    words: frozenset[str]
    stems: frozenset[str]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The ground in three widths: what was quoted, all that was shown, and what the question says.

    `computed` are the numbers that the reasoning derives from what was quoted.
    """

    near: Ground
    far: Ground
    question: Ground
    computed: tuple[Number, ...]


class _Fault(NamedTuple):
    """What is wrong, empty where nothing is, and the score where it is kept."""

    reason: str
    detail: str
    score: float = 0.0


class Support:
    """Holds the answers' numbers and names against the evidence first, then against the passages."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, SupportOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return why the answer is not borne out, else a keep whose score falls with the distance.

        The reasons are `number_not_in_source`, `name_not_in_source`, `other_number_in_evidence`,
        `other_name_in_evidence`, `negation_differs`, `answer_not_in_evidence` and `words_not_in_source`.
        """
        exempt = {sample.recipe_name, sample.kind} & set(self._options.exempt)
        if exempt or not sample.origin.passages or not passages or sample.pictures:
            return Verdict("support", keep=True)  # what a picture shows no rule can read
        is_wide = bool({sample.recipe_name, sample.kind} & set(self._options.wide))
        reason, detail, score = self._fault(sample, passages, _source(sample, passages, is_wide))
        return Verdict("support", not reason, reason, 0.0 if reason else score, detail)

    def _fault(self, sample: Sample, passages: tuple[Passage, ...], source: Source) -> _Fault:
        stated = "\n".join(map(_statements, sample.answers))
        far_numbers = [number for number in numbers(stated) if not _is_near(number, source)]
        for number in far_numbers:
            if reason := _number_fault(number, source):
                return _Fault(reason, stated[number.start : number.end])
        language = _language(passages, sample)
        translated = sample.language != language
        # A name may have a form of its own in each language.
        named = () if translated else names(stated, language)
        far_names = [name.key for name in named if not _says(name.key, source.near, source)]
        mixed_up = bool(far_names) and (
            _other_name(sample, source, language) or _stands_in(sample, stated, far_names, source, language)
        )
        for key in far_names:
            if not _says(key, source.far, source):
                return _Fault("name_not_in_source", key)
            if mixed_up:
                return _Fault("other_name_in_evidence", key)
        if _is_denied(sample, source):
            return _Fault("negation_differs", sample.answer[:80])
        near, far = _shares(stated, source)
        if not translated and near < _MOSTLY and far - near >= _MOSTLY:
            return _Fault("answer_not_in_evidence", f"{near:.2f} of its words, {far:.2f} elsewhere")
        long_enough = len(stated.split()) >= _LEAST_WORDS
        if long_enough and not translated and far < self._options.min_words:
            return _Fault("words_not_in_source", f"{far:.2f} of its words")
        return _Fault("", "", _FAR if far_numbers or far_names else 1.0)


def _shares(answer: str, source: Source) -> tuple[float, float]:
    """Return which share of the answer's words the evidence holds, and which all that was shown."""
    for number in reversed(numbers(answer)):  # with their units, which a table may state once for all
        answer = f"{answer[: number.start]} {answer[number.end :]}"
    stems = content_stems(answer)
    if not stems:
        return 1.0, 1.0
    near = source.near.stems | source.question.stems
    return len(stems & near) / len(stems), len(stems & (near | source.far.stems)) / len(stems)


def _language(passages: tuple[Passage, ...], sample: Sample) -> str | None:
    """Return the source's language; a translated answer shares no words with it."""
    return language_of(passages[0]) or sample.language


def _source(sample: Sample, passages: tuple[Passage, ...], is_wide: bool) -> Source:
    parts = [passage.text for passage in source_view(sample, passages)]
    near = "\n".join(parts if is_wide else (span.quote for span in sample.evidence))
    heads = [" ".join((passage.document.title, *passage.headings)) for passage in passages]
    questions = "\n".join(turn.content for turn in sample.messages if turn.role == "user")
    quoted, asked = _ground(near), _ground(questions)
    given = (*quoted.numbers, *asked.numbers)
    derived = (*computed(sample, passages, given), *reasoned(sample.reasoning or "", given))
    return Source(quoted, _ground("\n".join((*heads, *parts))), asked, derived)


@lru_cache(maxsize=512)  # the samples of one passage come together
def _ground(text: str) -> Ground:
    composed = normalize("NFKC", text).casefold()  # as names are folded
    return Ground(composed, frozenset(words(text)), frozenset(content_stems(text)), numbers(text))


def _statements(answer: str) -> str:
    """Return what the answer states, without an interpreter's head, list numbers and a record's keys."""
    answer = bare_answer(answer)
    if answer.lstrip().startswith(("{", "[")):
        answer = _KEY.sub("", answer)
    return _ITEM_NUMBER.sub("", answer)


def _is_near(number: Number, source: Source) -> bool:
    return any(number.same_as(known) for known in (*source.near.numbers, *source.question.numbers))


def _number_fault(number: Number, source: Source) -> str:
    """Return why a number that is not in the evidence is not supported either, empty where it is."""
    known = (*source.near.numbers, *source.question.numbers)
    asked, shown = source.question.text, source.far.text
    if any(number.same_as(result) for result in source.computed):
        return ""
    if any(derivable(number, given, asked, shown) for given in (known, *columns(source.near.text))):
        return ""
    if any(number.same_as(other) for other in source.far.numbers):
        return "other_number_in_evidence" if source.near.numbers else ""
    return "" if derivable(number, source.far.numbers, asked, shown) else "number_not_in_source"


def _says(key: str, ground: Ground, source: Source) -> bool:
    parts = set(words(key))
    return key in ground.text or parts <= ground.words or parts <= source.question.words


def _other_name(sample: Sample, source: Source, language: str | None) -> bool:
    """Whether the evidence names something that neither question nor answer does: the thing mixed up."""
    said = {word for answer in sample.answers for word in words(answer)} | source.question.words
    quoted = "\n".join(span.quote for span in sample.evidence)
    return any(not set(words(name.key)) <= said for name in names(quoted, language))


def _stands_in(
    sample: Sample, stated: str, far_names: list[str], source: Source, language: str | None
) -> bool:
    """Whether a name from elsewhere stands in for one of the evidence, which the answer else repeats."""
    quotes = "\n".join(span.quote for span in sample.evidence)
    quoted = {word for name in names(quotes, language) for word in words(name.key)}
    if not quoted - set(words(stated)):
        return False
    strange = {word for key in far_names for word in words(key)}
    rest = content_stems(" ".join(word for word in words(stated) if word not in strange))
    return len(rest) >= _LEAST_REPEATED and len(rest & source.near.stems) / len(rest) >= _REPEATED


def _is_denied(sample: Sample, source: Source) -> bool:
    """Whether the answer repeats one quoted sentence but for its negation."""
    quotes = [span.quote for span in sample.evidence]
    if len(quotes) != 1 or quotes[0].count(". ") or len(sample.answer.split()) < len(quotes[0].split()) / 2:
        return False
    stems = content_stems(sample.answer)
    if not stems or len(stems & source.near.stems) / len(stems) < _LEAST_SHARED_STEMS:
        return False
    return is_negated(sample.answer) != is_negated(quotes[0])


filters.add(
    "support", FilterEntry(Support, "numbers and names of the answer are in its source", SupportOptions)
)
