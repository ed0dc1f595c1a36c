"""Drops a preference pair whose rejected answer is not the chosen one with a single, real fault."""

import re
from difflib import SequenceMatcher

from pydantic import Field

from pipeline.facts.numbers import numbers
from pipeline.facts.words import content_stems
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_WORDS = re.compile(r"\w+(?:[.,:/'’-]\w+)*|[^\w\s]")


class PlantedFaultOptions(Options):
    """How alike the two answers must be."""

    length_difference: float = Field(default=0.2, ge=0, le=1, description="share of the longer answer")
    most_changed: float = Field(
        default=0.6, gt=0, le=1, description="share of the words in the changed stretch"
    )


class PlantedFault:
    """Compares the answers word by word: they must differ in one stretch, and that stretch must be wrong."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, PlantedFaultOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return a drop with its reason, else a keep. Other samples and a judge's choice pass."""
        if sample.chosen is None or sample.rejected is None or sample.scored:
            return Verdict("planted_fault", keep=True)
        reason = self._reason(sample.chosen.content, sample.rejected.content, passages)
        return Verdict("planted_fault", keep=not reason, reason=reason)

    def _reason(self, chosen: str, rejected: str, passages: tuple[Passage, ...]) -> str:
        longer = max(len(chosen), len(rejected))
        if abs(len(chosen) - len(rejected)) > self._options.length_difference * longer:
            return "lengths_differ"
        right, wrong = _WORDS.findall(chosen), _WORDS.findall(rejected)
        changes = [
            change
            for change in SequenceMatcher(None, right, wrong, autojunk=False).get_opcodes()
            if change[0] != "equal"
        ]
        if not changes:
            return "fault_missing"
        start, end = changes[0][3], changes[-1][4]
        if max(end - start, changes[-1][2] - changes[0][1]) > max(3, self._options.most_changed * len(right)):
            return "several_faults"
        told = " ".join(wrong[start:end])
        source = "\n".join(passage.shown.text for passage in passages)
        return (
            ""
            if _is_unsupported(told, " ".join(right[changes[0][1] : changes[-1][2]]), source)
            else "fault_is_true"
        )


def _is_unsupported(told: str, right: str, source: str) -> bool:
    """Return whether the changed stretch says what neither the right answer nor the source does."""
    known = numbers(f"{source}\n{right}")
    if any(not any(number.same_as(other) for other in known) for number in numbers(told)):
        return True
    return bool(content_stems(told) - content_stems(f"{source}\n{right}"))


filters.add(
    "planted_fault",
    FilterEntry(PlantedFault, "a rejected answer differs by one real fault", PlantedFaultOptions),
)
