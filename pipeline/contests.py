"""Answers to one question that wait for each other, and for what a judge says of them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.follow_ups import Contender
from pipeline.provenance import passages_of
from schemas.documents import Document, Passage
from schemas.samples import Judged, Sample, Verdict

Rate = Callable[[Sample, tuple[Passage, ...]], Awaitable[Verdict]]


@dataclass(slots=True)
class Contest:
    """Who was asked, how many answers are still to come, and what came, by the order of asking."""

    asked: list[Contender] = field(default_factory=list)
    open: int = 0
    drafts: dict[int, Sample] = field(default_factory=dict)

    def enter(self, contender: Contender) -> None:
        """Note that a contender is asked."""
        self.asked.append(contender)
        self.open += 1

    def end(self, contender: Contender, drafts: Iterable[Sample]) -> bool:
        """Note what a contender brought, and return whether it was the last one."""
        place = next(place for place, each in enumerate(self.asked) if each is contender)
        self.drafts.update((place, draft) for draft in drafts)
        self.open -= 1
        return not self.open

    async def judged(self, rate: Rate) -> tuple[Judged, ...]:
        """Return the candidates with the verdicts on them; without any where all say the same."""
        documents = {p.document.id: p.document for each in self.asked for p in each.passages}
        drafts = [self.drafts[place] for place in sorted(self.drafts)]
        verdicts = await _verdicts(drafts, documents, rate)
        return tuple(Judged(draft, verdicts.get(said(draft), ())) for draft in drafts)


def said(candidate: Sample) -> str:
    """Return what an answer says, but for case and spacing."""
    return " ".join(candidate.answer.casefold().split())


async def _verdicts(
    drafts: Sequence[Sample], documents: dict[str, Document], rate: Rate
) -> dict[str, tuple[Verdict, ...]]:
    """Return the verdict on each different answer."""
    different: dict[str, Sample] = {}
    for draft in drafts:
        different.setdefault(said(draft), draft)
    if len(different) < 2:
        return {}
    verdicts = await asyncio.gather(
        *(rate(draft, passages_of(draft, documents)) for draft in different.values())
    )
    return {answer: (verdict,) for answer, verdict in zip(different, verdicts, strict=True)}
