"""A held-out evaluation set: multiple choice with checked distractors, and short answers."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Literal

from pydantic import Field

from pipeline.equivalence import same_answer
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_TASK = """\
Write {count} examination questions about what the material states, in turns of these kinds: {kinds}.

`answer` is right, short and complete. For multiple_choice, `distractors` are {distractors} wrong answers of
the same kind, form and length as the right one, which somebody who half knows the subject could choose; none
may be right, even in part, and none may be "all" or "none of these". For short_answer they stay empty.
{standalone}
{evidence}
{language}"""

_LETTERS = "ABCDEFGH"


class QuizOptions(Options):
    """Which questions, and which share of all passages is kept for them alone."""

    kinds: tuple[Literal["multiple_choice", "short_answer"], ...] = ("multiple_choice", "short_answer")
    distractors: int = Field(default=3, ge=2, le=7)
    share: float = Field(default=0.1, gt=0, lt=1, description="of the passages, which no other recipe sees")


class QuizItem(Answer):
    """One question with its right answer and the wrong ones."""

    question: str
    answer: str
    kind: Literal["multiple_choice", "short_answer"]
    distractors: list[str]
    evidence: list[str] = Field(min_length=1)


class Quiz(Answer):
    """The reply."""

    items: list[QuizItem]


class Examination:
    """Asks for examination questions about the passages that are held out for it."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, QuizOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        for passage in passages:
            task = _TASK.format(
                count=self._setup.count,
                kinds=", ".join(self._options.kinds),
                distractors=self._options.distractors,
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup, passage),
            )
            yield request("quiz", self._setup, (passage,), task, Quiz, self._setup.count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each question. The right answer's place among the choices is drawn by seed."""
        for item in answer_of(reply, Quiz).items:
            is_choice = item.kind == "multiple_choice"
            question, answer = self._with_choices(item) if is_choice else (item.question, item.answer)
            sample = question_and_answer(
                request,
                reply,
                question,
                answer,
                item.evidence,
                kind=item.kind,
                language=self._setup.answer_language,
            )
            yield replace(sample, fault=self._fault(item) if is_choice else None)

    def _with_choices(self, item: QuizItem) -> tuple[str, str]:
        choices = [item.answer.strip(), *(wrong.strip() for wrong in item.distractors)]
        random.Random(f"{self._setup.seed}:{item.question}").shuffle(choices)
        lines = [f"{letter}. {choice}" for letter, choice in zip(_LETTERS, choices, strict=False)]
        right = choices.index(item.answer.strip())
        return "\n".join([item.question.strip(), *lines]), lines[right] if right < len(lines) else item.answer

    def _fault(self, item: QuizItem) -> str | None:
        wrong: Sequence[str] = item.distractors
        if len(wrong) != self._options.distractors:
            return "distractors_missing"
        if any(same_answer(item.answer, other) for other in wrong):
            return "distractor_is_right"
        pairs = combinations(wrong, 2)
        repeated = any(left.strip().casefold() == right.strip().casefold() for left, right in pairs)
        return "distractors_repeat" if repeated else None


recipes.add(
    "quiz",
    RecipeEntry(
        Examination,
        "a held-out examination: multiple choice and short answers",
        CHAT_FORMATS,
        QuizOptions,
        2,
        held_out=True,
        filters=("choices",),
    ),
)
