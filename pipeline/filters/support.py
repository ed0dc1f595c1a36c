"""Drops answers whose numbers or names are not in their source and do not follow from it."""

from dataclasses import dataclass

from pydantic import Field

from pipeline.facts.names import names
from pipeline.facts.numbers import Number, numbers
from pipeline.facts.words import content_stems, folded, words
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class SupportOptions(Options):
    """What counts as supported."""

    min_score: float = Field(default=0.5, ge=0, le=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may lean on: the source, and what the question itself says."""

    words: frozenset[str]
    stems: frozenset[str]
    text: str
    numbers: tuple[Number, ...]


class Support:
    """Scores the share of an answer's numbers and names that its source holds."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, SupportOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `number_not_in_source` or `name_not_in_source`, else a keep with the score."""
        if not sample.origin.passages or not passages:
            return Verdict("support", keep=True)
        ground = _ground(sample, passages)
        for number in numbers(sample.answer):
            if not any(number.same_as(known) for known in ground.numbers):
                return _drop("number_not_in_source", sample.answer[number.start : number.end])
        for name in names(sample.answer):
            if not set(words(name.key)) <= ground.words and name.key not in ground.text:
                return _drop("name_not_in_source", sample.answer[name.start : name.end])
        stems = content_stems(sample.answer)
        score = len(stems & ground.stems) / len(stems) if stems else 1.0
        return Verdict("support", keep=True, score=max(score, 0.5))


def _ground(sample: Sample, passages: tuple[Passage, ...]) -> Ground:
    parts = [sample.question, *(span.quote for span in sample.evidence)]
    for passage in passages:
        parts += [passage.document.title, *passage.headings, passage.text]
    text = "\n".join(parts)
    return Ground(frozenset(words(text)), frozenset(content_stems(text)), folded(text), numbers(text))


def _drop(reason: str, detail: str) -> Verdict:
    return Verdict("support", keep=False, reason=reason, score=0.0, detail=detail)


filters.add(
    "support", FilterEntry(Support, "numbers and names of the answer are in its source", SupportOptions)
)
