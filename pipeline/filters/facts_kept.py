"""Drops a rewriting that states numbers which its source does not, or loses numbers and names of it."""

from pydantic import Field

from pipeline.facts.names import names
from pipeline.facts.numbers import Number, numbers
from pipeline.languages import language_of
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import BlockKind, Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class FactsKeptOptions(Options):
    """How much must survive. Study texts pick their facts, so that only rewritings are held to `min_kept`."""

    min_kept: float = Field(
        default=0.8, ge=0, le=1, description="share of the source's numbers, and of its names"
    )
    rewritings: tuple[str, ...] = Field(default=("rewrite",), description="recipes that keep every fact")
    texts: tuple[str, ...] = Field(default=("active_reading",), description="recipes that may pick theirs")


class FactsKept:
    """Compares numbers, dates among them, by value and unit. New names are the `support` filter's work."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, FactsKeptOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `fact_invented`, `facts_lost` or a keep, scored by the share of what survives."""
        recipe = sample.recipe_name
        if recipe not in (*self._options.rewritings, *self._options.texts):
            return Verdict("facts_kept", keep=True)
        shown = numbers("\n".join(passage.shown.text for passage in passages))
        stated = numbers("\n".join(passage.text for passage in passages))
        written = numbers(sample.answer)
        invented = [number for number in written if not _among(number, shown)]
        if invented:
            detail = sample.answer[invented[0].start : invented[0].end]
            return Verdict("facts_kept", keep=False, reason="fact_invented", score=0.0, detail=detail)
        if recipe not in self._options.rewritings:
            return Verdict("facts_kept", keep=True)
        numbers_kept = sum(_among(number, written) for number in stated) / max(1, len(stated))
        score = min(numbers_kept if stated else 1.0, _names_kept(sample, passages))
        keep = score >= self._options.min_kept
        return Verdict("facts_kept", keep, "" if keep else "facts_lost", score)


def _names_kept(sample: Sample, passages: tuple[Passage, ...]) -> float:
    """Return which share of the names in the prose survives; all in another language, where they change."""
    language = language_of(passages[0])
    if sample.language not in (None, language):
        return 1.0
    prose = "\n".join(
        passage.document.block_text(block)
        for passage in passages
        for block in passage.blocks
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    )
    stated = {name.key for name in names(prose, language)}
    told = sample.answer.casefold()
    return sum(key in told for key in stated) / len(stated) if stated else 1.0


def _among(number: Number, others: tuple[Number, ...]) -> bool:
    return any(number.same_as(other) for other in others)


filters.add(
    "facts_kept",
    FilterEntry(
        FactsKept, "a rewriting keeps its source's numbers and names, and adds no numbers", FactsKeptOptions
    ),
)
