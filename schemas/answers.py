"""The answer schemas that recipes ask for and that the extractive engine can fill too."""

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """The strict, frozen base of every reply's schema."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionAnswer(Answer):
    """One question with its answer. `evidence` holds verbatim quotes from the source."""

    question: str
    answer: str
    evidence: list[str] = Field(min_length=1)
    kind: str = ""


class QuestionAnswers(Answer):
    """The reply to a request for question and answer pairs."""

    items: list[QuestionAnswer]


class ReasonedAnswer(Answer):
    """One question, the worked way to its answer, and the answer."""

    question: str
    steps: list[str] = Field(min_length=1)
    answer: str
    evidence: list[str] = Field(min_length=1)
    kind: str = ""


class ReasonedAnswers(Answer):
    """The reply to a request for reasoned answers."""

    items: list[ReasonedAnswer]
