"""Drops a preference pair whose chosen answer a judge does not prefer, whichever of the two comes first."""

from dataclasses import replace
from functools import partial

from pipeline.judging.answers import Unanswered
from pipeline.judging.jury import JuryOptions, jury_verdict
from pipeline.judging.pairwise import Preference, compare
from schemas.contracts import Ask, FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.registry import filters
from schemas.requests import Sampling
from schemas.samples import Sample, Verdict

_REASONS = {
    Preference.ONE: "",
    Preference.OTHER: "rejected_is_better",
    Preference.TIE: "answers_tie",
    Preference.FIRST_PLACE: "order_decides",
    Preference.SECOND_PLACE: "order_decides",
}


class Pairwise:
    """Shows the source and both answers twice, in either order. Samples without a pair pass unasked."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, JuryOptions)
        assert setup.sampling is not None
        self._options, self._sampling = setup.options, replace(setup.sampling, seed=setup.seed)

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return `rejected_is_better`, `answers_tie` or `order_decides`, else a keep.

        Replies that cannot be read are `pairwise_unreadable`, and no reply at all is `pairwise_failed`.
        """
        if sample.chosen is None or sample.rejected is None:
            return Verdict("pairwise", keep=True)
        return await jury_verdict(self._options, self._sampling, partial(_verdict, sample, passages, ask))


async def _verdict(sample: Sample, passages: tuple[Passage, ...], ask: Ask, sampling: Sampling) -> Verdict:
    other = replace(sample, chosen=sample.rejected, rejected=sample.chosen)
    found = await compare(sample, other, passages, sampling, ask)
    if isinstance(found, Unanswered):
        return Verdict("pairwise", keep=False, reason=f"pairwise_{found.what}", detail=found.detail)
    reason = _REASONS[found]
    score = {"": 1.0, "rejected_is_better": 0.0}.get(reason, 0.5)
    return Verdict("pairwise", not reason, reason, score)


filters.add(
    "pairwise",
    FilterEntry(
        Pairwise,
        "a model prefers the chosen answer in either order",
        JuryOptions,
        needs_model=True,
        judges=True,
    ),
)
