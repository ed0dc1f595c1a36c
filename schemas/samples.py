"""What is made: samples with their evidence, and what was decided of them."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import orjson

from schemas.requests import Image, Message


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote: `document.text[start:end] == quote`, always. `page` is 1-based."""

    document_id: str
    start: int
    end: int
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sample comes from. `passages` are the ids of the passages that its request showed.

    `links` says by what several passages belong together, as in `name: maria lopez` or `meaning`. `pack` are
    the ids of documents that were shown whole and together, those too that no evidence stands in.
    """

    request_id: str
    model: str
    passages: tuple[str, ...]
    repaired: bool = False
    links: tuple[str, ...] = ()
    pack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a score, in 0..1, as in `clear`."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one filter says of one sample. `score` lies in 0..1; None where the filter only says yes or no.

    `reason` is a stable snake_case word for the ledger, empty when kept; one that ends in `_failed` says that
    the filter could not do its work. `detail` is for people. `axes` are the sides that make up the score.
    """

    filter: str
    keep: bool
    reason: str = ""
    score: float | None = None
    detail: str = ""
    axes: tuple[Axis, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """What a judge said of a candidate answer. `sample_id` is that of the candidate as a sample by itself."""

    sample_id: str
    model: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Sample:
    """One candidate row, before any format.

    `kind` is the recipe's own finer word, as in `definition`. `messages` end with the assistant's turn;
    a preference sample has `chosen` and `rejected` instead, and its messages end with the prompt.
    `reasoning` is the worked way to the answer, never part of the answer itself. `unlocated` holds the
    quotes that a model claimed and that stand nowhere in its passages. `tools` are the JSON schemas, as
    text, of what the assistant may call. `fault` is what the recipe's own check found wrong, as
    a word for the ledger: the `fault` filter drops such a sample. `scored` is what the judge said of `chosen`
    and of `rejected`, where both were candidates that it scored.
    """

    recipe: str
    kind: str
    messages: tuple[Message, ...]
    origin: Origin
    evidence: tuple[Evidence, ...] = ()
    unlocated: tuple[str, ...] = ()
    reasoning: str | None = None
    chosen: Message | None = None
    rejected: Message | None = None
    images: tuple[Image, ...] = ()
    language: str | None = None
    difficulty: str | None = None
    tools: tuple[str, ...] = ()
    fault: str | None = None
    scored: tuple[Scored, ...] = ()

    @property
    def id(self) -> str:
        """The sample's content address: what it says, what it leans on, and the request it came from."""
        payload = orjson.dumps(
            {
                "recipe": self.recipe,
                "messages": [(turn.role, turn.content, turn.tool_calls) for turn in self.messages],
                "reasoning": self.reasoning,
                "preference": [turn.content if turn else None for turn in (self.chosen, self.rejected)],
                "evidence": [(span.document_id, span.start, span.end) for span in self.evidence],
                "request": self.origin.request_id,
            },
            option=orjson.OPT_SORT_KEYS,
        )
        return hashlib.sha256(payload).hexdigest()[:24]

    @property
    def recipe_name(self) -> str:
        """The recipe's own name: `recipe` without the number that a second use in a mix bears."""
        name, _, number = self.recipe.rpartition("-")
        return name if name and number.isdigit() else self.recipe

    @property
    def pictures(self) -> tuple[Image, ...]:
        """All images: the sample's own first, then those of its turns in their order, a preference's last."""
        preference = (turn for turn in (self.chosen, self.rejected) if turn is not None)
        return self.images + tuple(image for turn in (*self.messages, *preference) for image in turn.images)

    @property
    def question(self) -> str:
        """The first user turn."""
        return next((turn.content for turn in self.messages if turn.role == "user"), "")

    @property
    def answers(self) -> tuple[str, ...]:
        """What the assistant says in each of its turns, or the chosen answer of a preference."""
        if self.chosen is not None:
            return (self.chosen.content,)
        return tuple(turn.content for turn in self.messages if turn.role == "assistant" and turn.content)

    @property
    def answer(self) -> str:
        """The last assistant turn, or the chosen one of a preference."""
        if self.chosen is not None:
            return self.chosen.content
        return next((turn.content for turn in reversed(self.messages) if turn.role == "assistant"), "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample with every verdict on it so far, in the order in which they fell."""

    sample: Sample
    verdicts: tuple[Verdict, ...] = ()

    @property
    def keep(self) -> bool:
        """Whether no filter dropped it."""
        return all(verdict.keep for verdict in self.verdicts)

    @property
    def reason(self) -> str:
        """Why it was dropped: the first reason, empty when it was kept."""
        return next((verdict.reason for verdict in self.verdicts if not verdict.keep), "")

    @property
    def score(self) -> float:
        """The lowest score of any filter, 1.0 where none gave one."""
        return min((v.score for v in self.verdicts if v.score is not None), default=1.0)


class Split(StrEnum):
    """The part of a dataset that a row belongs to."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Selected:
    """A sample that goes into the dataset, its split, and the near-duplicate cluster it stands for."""

    judged: Judged
    split: Split
    cluster: str
