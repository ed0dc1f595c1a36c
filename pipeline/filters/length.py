"""Drops questions and answers that are too short or too long to learn from."""

from pydantic import Field

from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class LengthOptions(Options):
    """Bounds in characters. An answer may be one figure, so the lower one is low."""

    min_question: int = Field(default=8, ge=0)
    max_question: int = Field(default=4_000, ge=1)
    min_answer: int = Field(default=1, ge=0)
    max_answer: int = Field(default=32_000, ge=1)


class LengthFilter:
    """Looks at the first question, and at the answer without its reasoning."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, LengthOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `question_too_short`, `question_too_long`, `answer_too_short` or `answer_too_long`."""
        options = self._options
        question, answer = len(sample.question.strip()), len(sample.answer.strip())
        if sample.question and question < options.min_question:
            return _drop("question_too_short", question)
        if question > options.max_question:
            return _drop("question_too_long", question)
        if answer < options.min_answer and not _calls_a_tool(sample):
            return _drop("answer_too_short", answer)
        if answer > options.max_answer:
            return _drop("answer_too_long", answer)
        return Verdict("length", keep=True)


def _calls_a_tool(sample: Sample) -> bool:
    return bool(sample.messages) and bool(sample.messages[-1].tool_calls)


def _drop(reason: str, characters: int) -> Verdict:
    return Verdict("length", keep=False, reason=reason, detail=f"{characters} characters")


filters.add("length", FilterEntry(LengthFilter, "neither too short nor too long", LengthOptions))
