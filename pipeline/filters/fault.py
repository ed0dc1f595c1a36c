"""Drops a sample in which its recipe's own check found a fault."""

from schemas.contracts import FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class Fault:
    """Gives the recipe's own word as the reason."""

    def __init__(self, setup: FilterSetup) -> None:
        del setup  # it has no options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002  # the sample says it
        """Return a drop with the fault that `sample` bears, else a keep."""
        return Verdict("fault", keep=sample.fault is None, reason=sample.fault or "")


filters.add("fault", FilterEntry(Fault, "its recipe's own check found nothing wrong"))
