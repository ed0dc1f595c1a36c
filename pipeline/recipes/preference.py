"""Preference pairs: a right answer, and one of its length with a single planted fault."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from pipeline.evidence import locate_all
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import PREFERENCE_FORMATS
from pipeline.samples import answer_of, origin, source_language
from pipeline.scenarios import ScenarioGrid, draw, fitting_count
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Message, Reply, Request
from schemas.samples import Sample

_TASK = """\
Write {count} questions about the material, each with a right and a wrong answer, one for each line:
{faults}

`chosen` answers completely, with the figures, names and conditions that the material gives. `rejected` is the
same answer, word for word, but for the one fault that its line names; it is as fluent and about as long.
`right` is what stands in `chosen` and not in `rejected`, `wrong` what stands in its place. `fault` is the
word before the colon. A wrong figure or name is believable, and stands nowhere in the material.
{standalone}
{evidence}
{language}"""

_FAULTS = {
    "number": "number: one figure or date is changed",
    "fact": "fact: one name, thing, property or relation is replaced by another that is wrong",
    "addition": "addition: a clause of the right answer gives way to a claim that the material does not make",
}
FaultKind = Literal["number", "fact", "addition"]


class PreferenceOptions(Options):
    """Which faults are planted."""

    faults: tuple[FaultKind, ...] = Field(default=("number", "fact", "addition"), min_length=1)


class Pair(Answer):
    """A question with two answers, which differ in one fault."""

    question: str
    chosen: str
    rejected: str
    fault: FaultKind
    right: str
    wrong: str
    evidence: list[str] = Field(min_length=1)


class Pairs(Answer):
    """The reply."""

    items: list[Pair]


class Preferences:
    """Asks for pairs about each passage."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, PreferenceOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        grid = ScenarioGrid(kind=self._options.faults)
        for passage in passages:
            count = fitting_count(self._setup.count, passage)
            drawn = draw(grid, count, "preference", self._setup.seed, self._setup.round, passage.id)
            task = _TASK.format(
                count=count,
                faults="\n".join(_FAULTS[scenario.kind] for scenario in drawn),
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup),
            )
            yield request("preference", self._setup, (passage,), task, Pairs, count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each pair, whose fault the filter `planted_fault` checks."""
        for item in answer_of(reply, Pairs).items:
            located = locate_all(item.evidence, request.passages)
            yield Sample(
                recipe="preference",
                kind=item.fault,
                messages=(Message("user", item.question.strip()),),
                origin=origin(request, reply),
                evidence=located.evidence,
                unlocated=located.unlocated,
                chosen=Message("assistant", item.chosen.strip()),
                rejected=Message("assistant", item.rejected.strip()),
                language=self._setup.answers_in or source_language(request),
            )


recipes.add(
    "preference",
    RecipeEntry(
        Preferences,
        "prompt, chosen and rejected, where rejected bears one planted fault",
        PREFERENCE_FORMATS,
        PreferenceOptions,
        2,
        filters=("planted_fault",),
    ),
)
