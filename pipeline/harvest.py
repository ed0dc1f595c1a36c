"""What comes of requests: samples and outcomes, in the order of asking."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.contests import Contest, Rate
from pipeline.follow_ups import Contender
from pipeline.mix import BuiltRecipe
from schemas.documents import Passage
from schemas.errors import LedgerMismatch
from schemas.ledger import End, Outcome, Stage
from schemas.requests import Completion, Failure, FailureReason, Reply, Request
from schemas.samples import Judged, Sample, Verdict


@dataclass(frozen=True, slots=True)
class Generated:
    """What some documents gave: candidates in a fixed order, and how each request ended."""

    samples: tuple[Sample, ...]
    outcomes: tuple[Outcome, ...]


async def _unrated(sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG001  # as a judge
    return Verdict("judge", keep=False, reason="judge_failed", detail="there is no judge")


Place = tuple[int, ...]


@dataclass(slots=True)
class Harvest:
    """Turns completions into samples and outcomes as they come, and remembers each one's place."""

    recipes: Mapping[str, BuiltRecipe]
    made: Callable[[Sample], None] | None
    rate: Rate | None = None
    open: dict[int, Place] = field(default_factory=dict)  # by the identity of a request in flight
    samples: list[tuple[Place, Sample]] = field(default_factory=list)
    outcomes: list[tuple[Place, Outcome]] = field(default_factory=list)
    contests: dict[int, Contest] = field(default_factory=dict)  # by the identity of a contender
    judging: list[asyncio.Task[None]] = field(default_factory=list)
    held: dict[int, tuple[Place, Outcome]] = field(
        default_factory=dict
    )  # of contenders, until they are judged

    def sown(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Yield requests, and note their order."""
        for number, request in enumerate(requests):
            self.open[id(request)] = (number,)
            yield request

    def take(self, request: Request, completion: Completion) -> Iterable[Request]:
        """Note what a request gave, and return what to ask next."""
        place = self.open.pop(id(request))
        if isinstance(request, Contender):
            self._contend(place, request, completion)
            return ()
        if isinstance(completion, Failure):
            return self._failed(place, request, completion)
        return self._answered(place, request, completion)

    def generated(self) -> Generated:
        """Return everything in the order in which it was asked.

        Raises:
            LedgerMismatch: a request never came back.
        """
        if self.open:
            raise LedgerMismatch(Stage.REQUESTS, len(self.outcomes) + len(self.open), len(self.outcomes))
        in_order = sorted(self.samples, key=lambda item: item[0])
        outcomes = sorted(self.outcomes, key=lambda item: item[0])
        return Generated(tuple(sample for _, sample in in_order), tuple(outcome for _, outcome in outcomes))

    def _contend(self, place: Place, contender: Contender, completion: Completion) -> None:
        """Hold back what a contender brought, and how it ended, until its contest is judged."""
        drafts: list[Sample] = []
        if isinstance(completion, Failure):
            outcome = _outcome(contender, End.FAILED, completion.reason.value, completion.detail)
        else:
            items = self.recipes[contender.recipe].samples(contender, completion)
            drafts = [item for item in items if isinstance(item, Sample)]
            outcome = _outcome(contender, End.KEPT) if drafts else _nothing(contender)
        self.held[id(contender)] = (place, outcome)
        contest = self.contests.pop(id(contender))
        if contest.end(contender, drafts):
            self.judging.append(asyncio.create_task(self._judge(contest)))

    async def judged(self) -> None:
        """Return when all candidates are judged."""
        await asyncio.gather(*self.judging)

    def give_up(self) -> None:
        """Leave what is not judged."""
        for task in self.judging:
            task.cancel()

    async def _judge(self, contest: Contest) -> None:
        self._settle(contest.asked, await contest.judged(self.rate or _unrated))

    def _settle(self, contenders: Sequence[Contender], candidates: tuple[Judged, ...]) -> None:
        """Note what a contest came to: the samples chosen from it, or whom the judge failed."""
        failed = {each.sample.origin.request_id: each for each in candidates if _unjudged(each)}
        places = []
        for contender in contenders:
            place, outcome = self.held.pop(id(contender))
            if contender.id in failed:
                [verdict] = failed[contender.id].verdicts
                outcome = replace(outcome, end=End.FAILED, reason=verdict.reason, detail=verdict.detail)
            self.outcomes.append((place, outcome))
            places.append(place)
        if candidates and not failed:
            for number, sample in enumerate(self.recipes[contenders[0].recipe].choose(candidates)):
                self._keep((*places[0], number), sample)

    def _keep(self, place: Place, sample: Sample) -> None:
        self.samples.append((place, sample))
        if self.made is not None:
            self.made(sample)

    def _answered(self, place: Place, request: Request, reply: Reply) -> list[Request]:
        follow_ups: list[Request] = []
        made = 0
        for item in self.recipes[request.recipe].samples(request, reply):
            if isinstance(item, Request):
                follow_ups.append(item)
            else:
                self._keep((*place, made), item)
                made += 1
        self.outcomes.append((place, _answer_outcome(request, made, follow_ups)))
        return self._follow(place, follow_ups)

    def _failed(self, place: Place, request: Request, failure: Failure) -> list[Request]:
        if failure.reason is FailureReason.CONTEXT_TOO_LONG:
            shorter = list(self.recipes[request.recipe].shortened(request))
            if shorter:
                self.outcomes.append((place, _outcome(request, End.DROPPED, "asked_in_parts")))
                return self._follow(place, shorter)
        outcome = _outcome(request, End.FAILED, failure.reason.value, failure.detail)
        self.outcomes.append((place, outcome))
        return []

    def _follow(self, place: Place, requests: list[Request]) -> list[Request]:
        contests: defaultdict[str, Contest] = defaultdict(Contest)
        for number, request in enumerate(requests):
            self.open[id(request)] = (*place, number)
            if isinstance(request, Contender):
                self.contests[id(request)] = contests[request.contest]
                contests[request.contest].enter(request)
        return requests


def _unjudged(candidate: Judged) -> bool:
    """Whether the judge could not do its work."""
    return candidate.reason.endswith("_failed")


def _answer_outcome(request: Request, made: int, follow_ups: Sequence[Request]) -> Outcome:
    """Return how an answered request ended, with a word on the items that it lacks."""
    if not made and not follow_ups:
        return _nothing(request)
    lacks = not follow_ups and made < request.count
    return _outcome(request, End.KEPT, detail=f"{made} of {request.count} asked for" if lacks else "")


def _nothing(request: Request) -> Outcome:
    return _outcome(request, End.DROPPED, "nothing_to_ask")


def _outcome(request: Request, end: End, reason: str = "", detail: str = "") -> Outcome:
    return Outcome(Stage.REQUESTS, request.id, end, reason, detail)
