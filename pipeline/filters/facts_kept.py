"""Drops a rewriting that states numbers which its source does not, or loses too many that it does."""

from pydantic import Field

from pipeline.facts.numbers import Number, numbers
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class FactsKeptOptions(Options):
    """How much must survive. Study texts pick their facts, so that only rewritings are held to `min_kept`."""

    min_kept: float = Field(default=0.8, ge=0, le=1, description="share of the source's numbers")
    rewritings: tuple[str, ...] = Field(default=("rewrite",), description="recipes that keep every fact")
    texts: tuple[str, ...] = Field(default=("active_reading",), description="recipes that may pick theirs")


class FactsKept:
    """Compares numbers, dates among them, by value and unit. Names are the `support` filter's work."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, FactsKeptOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `fact_invented`, `facts_lost` or a keep, scored by the share of numbers that survive."""
        recipe = sample.recipe.partition("-")[0]
        if recipe not in (*self._options.rewritings, *self._options.texts):
            return Verdict("facts_kept", keep=True)
        shown = numbers("\n".join(passage.shown.text for passage in passages))
        stated = numbers("\n".join(passage.text for passage in passages))
        written = numbers(sample.answer)
        invented = [number for number in written if not _among(number, shown)]
        if invented:
            detail = sample.answer[invented[0].start : invented[0].end]
            return Verdict("facts_kept", keep=False, reason="fact_invented", score=0.0, detail=detail)
        kept = sum(_among(number, written) for number in stated)
        score = kept / len(stated) if stated else 1.0
        if recipe in self._options.rewritings and score < self._options.min_kept:
            return Verdict("facts_kept", keep=False, reason="facts_lost", score=score)
        return Verdict("facts_kept", keep=True, score=score if recipe in self._options.rewritings else None)


def _among(number: Number, others: tuple[Number, ...]) -> bool:
    return any(number.same_as(other) for other in others)


filters.add(
    "facts_kept",
    FilterEntry(FactsKept, "a rewriting keeps its source's numbers and adds none", FactsKeptOptions),
)
