"""Preference pairs: a right answer beside one with a planted fault, or the best and worst of several."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.choosing import Rules, pair_of
from pipeline.evidence import locate_all
from pipeline.follow_ups import Contender, extended
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import PREFERENCE_FORMATS
from pipeline.samples import MORE_THAN_ASKED, answer_of, origin, question_and_answer, source_language
from pipeline.scenarios import ScenarioGrid, draw, fitting_count
from schemas.answers import Answer
from schemas.contracts import Aid, Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Message, Reply, Request
from schemas.samples import Judged, Origin, Sample

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

_QUESTIONS = """\
Write {count} questions about the material that take one to three sentences to answer in full.
{standalone}
{language}"""

_ANSWER = """\
Answer the question between the tags from the material, completely, with the figures, names and conditions
that it gives, in one to three sentences. It is a question and no instruction.
<question-{tag}>
{question}
</question-{tag}>
`answer` must be understood without the material at hand, and does not speak of it.
{evidence}
{language}"""

_FAULTS = {
    "number": "number: one figure or date is changed",
    "fact": "fact: one name, thing, property or relation is replaced by another that is wrong",
    "addition": "addition: a clause of the right answer gives way to a claim that the material does not make",
}
FaultKind = Literal["number", "fact", "addition"]


class PreferenceOptions(Options):
    """Where rejected answers come from: a planted fault, the worst of several candidates, or both."""

    faults: tuple[FaultKind, ...] = Field(
        default=("number", "fact", "addition"), min_length=1, description="that are planted"
    )
    rejected: Literal["fault", "candidate", "both"] = Field(
        default="fault", description="a planted fault, or the worst of several answers that the judge scored"
    )
    candidates: int = Field(default=4, ge=2, le=16, description="independent answers to each question")
    models: tuple[str, ...] = Field(
        default=(), description="further models behind the endpoint that answer in turn with the model"
    )
    temperature: float = Field(default=1.0, ge=0, le=2, description="of the answers")
    min_gap: float = Field(default=0.2, gt=0, le=1, description="between the scores of a pair")
    length_difference: float = Field(default=0.2, ge=0, le=1, description="share of the longer answer")

    @model_validator(mode="after")
    def _answers_can_differ(self) -> Self:
        if self.rejected != "fault" and self.temperature == 0 and not self.models:
            raise ValueError("temperature 0 gives the same answer each time; raise it, or name models")
        return self


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


class Question(Answer):
    """A question that several answers are asked to."""

    question: str


class Questions(Answer):
    """The reply where answers come later."""

    items: list[Question]


class Candidate(Answer):
    """One of the answers to a question."""

    answer: str
    evidence: list[str] = Field(min_length=1)


class Preferences:
    """Asks for pairs about each passage, or for questions, and then several times for an answer to each."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, PreferenceOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage, or two where pairs come from both."""
        for number, passage in enumerate(passages):
            count = fitting_count(self._setup.count, passage)
            faulty, chosen = self._shares(count, number)
            if faulty:
                yield self._pairs(passage, faulty)
            if chosen:
                yield self._questions(passage, chosen)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample | Request]:
        """Yield a sample for each pair, whose fault the filter `planted_fault` checks.

        For a question it yields the requests for answers, and for an answer that answer, to be chosen from.
        """
        if isinstance(request, Contender):
            yield self._candidate(request, reply)
        elif request.answer_schema is Questions:
            for number, item in enumerate(answer_of(reply, Questions).items, start=1):
                draft = _draft(item.question, origin(request, reply))
                if number > request.count:
                    yield replace(draft, fault=MORE_THAN_ASKED)  # nothing is spent on answers to it
                else:
                    yield from self._contenders(request, str(number), draft)
        else:
            yield from self._faulty(request, reply)

    def choose(self, candidates: tuple[Judged, ...]) -> Iterator[Sample]:
        """Yield the best and the worst candidate as a pair; it is at fault where they make none."""
        yield pair_of(candidates, Rules(self._options.min_gap, self._options.length_difference))

    def _shares(self, count: int, number: int) -> tuple[int, int]:
        """Return how many pairs with faults to ask for, and how many of candidates; the odd one in turns."""
        if self._options.rejected == "both":
            faulty = (count + (number + 1) % 2) // 2
            return faulty, count - faulty
        return (count, 0) if self._options.rejected == "fault" else (0, count)

    def _pairs(self, passage: Passage, count: int) -> Request:
        grid = ScenarioGrid(kind=self._options.faults)
        drawn = draw(grid, count, "preference", self._setup.seed, self._setup.round, passage.id)
        task = _TASK.format(
            count=count,
            faults="\n".join(_FAULTS[scenario.kind] for scenario in drawn),
            standalone=STANDALONE,
            evidence=EVIDENCE,
            language=language_rule(self._setup, passage),
        )
        return request("preference", self._setup, (passage,), task, Pairs, count)

    def _questions(self, passage: Passage, count: int) -> Request:
        rule = language_rule(self._setup, passage)
        task = _QUESTIONS.format(count=count, standalone=STANDALONE, language=rule)
        return request("preference", self._setup, (passage,), task, Questions, count)

    def _contenders(self, asked: Request, contest: str, draft: Sample) -> Iterator[Request]:
        """Yield the requests for answers to a question: other seeds, and in turn other models."""
        task = _ANSWER.format(
            tag=asked.passages[0].document.id,
            question=draft.question,
            evidence=EVIDENCE,
            language=language_rule(self._setup, asked.passages[0]),
        )
        models = (self._setup.sampling.model, *self._options.models)
        for number in range(self._options.candidates):
            sampling = replace(
                self._setup.sampling,
                model=models[number % len(models)],
                temperature=self._options.temperature,
                seed=self._setup.seed + number,
            )
            setup = replace(self._setup, sampling=sampling, round=0)
            answer = request("preference", setup, asked.passages, task, Candidate)
            yield extended(answer, Contender, drafts=(draft,), contest=contest)

    def _candidate(self, request: Contender, reply: Reply) -> Sample:
        said = answer_of(reply, Candidate)
        return question_and_answer(
            request,
            reply,
            request.drafts[0].question,
            said.answer,
            said.evidence,
            kind="candidate",
            language=self._setup.answer_language,
        )

    def _faulty(self, request: Request, reply: Reply) -> Iterator[Sample]:
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
                language=self._setup.answer_language or source_language(request),
            )


def _draft(question: str, asked: Origin) -> Sample:
    return Sample("preference", "candidate", (Message("user", question.strip()),), asked)


def _aids(options: Options) -> frozenset[Aid]:
    assert isinstance(options, PreferenceOptions)
    return frozenset() if options.rejected == "fault" else frozenset({"judge"})


recipes.add(
    "preference",
    RecipeEntry(
        Preferences,
        "prompt, chosen and rejected, where rejected bears a planted fault or scores lower",
        PREFERENCE_FORMATS,
        PreferenceOptions,
        2,
        filters=("planted_fault",),
        aids=_aids,
    ),
)
