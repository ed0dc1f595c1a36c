"""Drops what the model answers without the document: training on it would teach nothing new."""

from pipeline.facts.negation import is_negated
from pipeline.facts.numbers import numbers
from pipeline.facts.words import content_stems
from schemas.contracts import Ask, FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.requests import Failure, Message, Request
from schemas.samples import Sample, Verdict

_RULES = "Answer in at most two sentences from what you know. If you do not know, say only: unknown"
_LEAST_SHARED_STEMS = 0.6


class ClosedBookOptions(Options):
    """`mark` keeps what is known and says so in the verdict, rather than drop it."""

    mark: bool = False


class ClosedBook:
    """Asks the generating model the bare question, and compares its answer with the sample's."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, ClosedBookOptions)
        assert setup.sampling is not None
        self._options, self._sampling = setup.options, setup.sampling

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return `known_without_document`, `closed_book_failed`, or a keep."""
        messages = (Message("system", _RULES), Message("user", sample.question))
        completion = await ask(Request("closed_book", messages, self._sampling, passages=passages))
        if isinstance(completion, Failure):
            return Verdict("closed_book", False, "closed_book_failed", detail=str(completion.reason))
        if not says_the_same(completion.text, sample.answer):
            return Verdict("closed_book", keep=True)
        if self._options.mark:
            return Verdict("closed_book", keep=True, detail="known without the document")
        return Verdict("closed_book", keep=False, reason="known_without_document")


def says_the_same(answer: str, reference: str) -> bool:
    """Whether `answer` holds all numbers of `reference`, most of its words, and denies it no more than it."""
    stated = numbers(answer)
    if not all(any(number.same_as(other) for other in stated) for number in numbers(reference)):
        return False
    if is_negated(answer) != is_negated(reference):
        return False
    stems = content_stems(reference)
    return bool(stems) and len(stems & content_stems(answer)) / len(stems) >= _LEAST_SHARED_STEMS


filters.add(
    "closed_book",
    FilterEntry(ClosedBook, "the model does not know it already", ClosedBookOptions, needs_model=True),
)
