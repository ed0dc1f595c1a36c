"""Drops samples whose written calculations do not come out.

Right arithmetic is not right reasoning: a wrong plan mostly calculates well. Independent answers decide that.
"""

from pipeline.facts.arithmetic import steps
from schemas.contracts import FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class Arithmetic:
    """Does every calculation in the reasoning and the answer again."""

    def __init__(self, setup: FilterSetup) -> None:
        self._seed = setup.seed

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `wrong_arithmetic` with the first wrong step, else a keep."""
        for text in (sample.reasoning or "", *sample.answers):
            for step in steps(text):
                if not step.right:
                    detail = f"{step.text}, but it is {step.actual:.10g}"
                    return Verdict("arithmetic", False, "wrong_arithmetic", 0.0, detail)
        return Verdict("arithmetic", keep=True)


filters.add("arithmetic", FilterEntry(Arithmetic, "written calculations come out"))
