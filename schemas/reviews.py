"""What people decide of single samples. It outlasts every build."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Decision(StrEnum):
    """What a person says of a sample. `UNDO` takes back what was said before."""

    KEEP = "keep"
    REJECT = "reject"
    EDIT = "edit"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision on one sample.

    `words` is a digest of what the sample says: by it, the sample is known again where a changed document
    makes it anew. Of an edit, what is None stays as it was.
    """

    sample_id: str
    words: str
    decision: Decision
    question: str | None = None
    answer: str | None = None
    reasoning: str | None = None
    note: str = ""


class Said(BaseModel):
    """A line of a file of decisions. `id` is a sample's, or how it begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(min_length=6)] = Field(description="a sample's id, or its beginning")
    decision: Decision
    question: Words | None = None
    answer: Words | None = None
    reasoning: Words | None = None
    note: str = ""

    @model_validator(mode="after")
    def _edits_something(self) -> "Said":
        if self.decision is Decision.EDIT and not (self.question or self.answer or self.reasoning):
            raise ValueError("an edit has a question, an answer or a reasoning")
        return self
