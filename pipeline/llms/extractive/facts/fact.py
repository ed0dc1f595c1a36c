"""What a rule finds: a question that stands alone, its answer, and the quotes that prove it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One finding. `evidence` holds substrings of the document's text, in reading order.

    `steps` is the worked way to a computed answer, empty for what the document states outright. `weight`
    lies in 0..1 and ranks facts, `position` is the offset of the first quote. `variety` is a finer word than
    `kind`, so that a choice can mix.
    """

    kind: str
    question: str
    answer: str
    evidence: tuple[str, ...]
    position: int
    weight: float
    steps: tuple[str, ...] = ()
    variety: str = ""
