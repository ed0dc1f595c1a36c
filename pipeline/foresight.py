"""What a run will take, before anything is sent: its requests, and all that follows from their replies.

The run's own code is walked with replies that nobody gave: recipes read them and ask further, filters and the
judge ask about the samples in them. All first requests are counted; what follows from them is counted for
some, drawn by seed, and stands for the others.
"""

import hashlib
import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.curation import Curation
from pipeline.generation import Generation, Handle
from pipeline.llms.estimate import CardOf, Estimator, Taken
from pipeline.provenance import passages_of
from pipeline.samples import MORE_THAN_ASKED
from pipeline.select import text_of
from pipeline.tokens import TokenEstimate
from schemas.documents import Passage
from schemas.requests import Completion, Request, Usage
from schemas.samples import Sample, Verdict

GENERATING = "generating"
_WALKED = 64  # first requests of each recipe


@dataclass(frozen=True, slots=True)
class Line:
    """What one stage takes for the samples of one recipe. A stage is `generating`, or a filter's name."""

    stage: str
    recipe: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What every stage takes by recipe, and how many samples each recipe gives."""

    lines: tuple[Line, ...]
    samples: Mapping[str, int]
    sample_characters: float  # of one, on average


@dataclass(slots=True)
class _Asked:
    """The first requests of one recipe: for how many items, what they take, and those that are walked."""

    requests: int = 0
    items: int = 0
    taken: Taken = field(default_factory=Taken)
    drawn: list[tuple[int, int, Request]] = field(default_factory=list)  # by how late they were drawn

    def draw(self, request: Request, seed: int) -> None:
        """Take in a request, and keep it if it is among the first that the seed draws.

        Requests about one passage are drawn together, whatever recipe they are of: they share prompts.
        """
        about = request.passages[0].id if request.passages else request.id
        digest = hashlib.sha256(f"{seed}:{about}".encode()).digest()
        heapq.heappush(self.drawn, (-int.from_bytes(digest[:8], "big"), self.requests, request))
        if len(self.drawn) > _WALKED:
            heapq.heappop(self.drawn)
        self.requests += 1
        self.items += request.count

    @property
    def walked(self) -> list[Request]:
        """Those that are walked, in the order of asking."""
        return [request for _, _, request in sorted(self.drawn, key=lambda each: each[1])]


class Foresight:
    """Adds up what requests and all that follows from them will take."""

    def __init__(
        self,
        generation: Generation,
        curation: Curation,
        card_of: CardOf,
        tokens: TokenEstimate,
        seed: int,
    ) -> None:
        self._generation, self._curation = generation, curation
        self._card_of, self._tokens = card_of, tokens
        self._estimator = Estimator(card_of, tokens)
        self._seed = seed
        self._asked: dict[str, _Asked] = defaultdict(_Asked)

    def ask(self, request: Request) -> None:
        """Take in one more first request."""
        asked = self._asked[request.recipe]
        asked.taken.add(self._estimator.of(request).taken)
        asked.draw(request, self._seed)

    async def foreseen(self) -> Foreseen:
        """Return what every stage will take, by recipe, and how many samples there will be."""
        sums: dict[tuple[str, str], Taken] = defaultdict(Taken)
        samples: dict[str, int] = {}
        said: list[int] = []
        estimator = Estimator(self._card_of, self._tokens)
        for recipe, asked in self._asked.items():
            sums[GENERATING, recipe].add(asked.taken)
            walk = _Walk(self._generation, self._curation, estimator)
            for request in asked.walked:
                await walk.follow(request)
            times = asked.items / sum(request.count for request in asked.walked)
            for stage, taken in walk.taken.items():
                sums[stage, recipe].add(taken, times)
            samples[recipe] = round(len(walk.said) * times)
            said += walk.said
        lines = tuple(Line(*key, taken.usage) for key, taken in sums.items())
        return Foreseen(lines, samples, sum(said) / max(1, len(said)))


class _Walk:
    """A way through recipes, filters and judge on which nobody is asked, as a gateway that answers itself."""

    def __init__(self, generation: Generation, curation: Curation, estimator: Estimator) -> None:
        self._generation, self._curation, self._estimator = generation, curation, estimator
        self._first: Request | None = None
        self._seen: set[str] = set()
        self.taken: dict[str, Taken] = defaultdict(Taken)
        self.said: list[int] = []

    async def follow(self, first: Request) -> None:
        """Add what follows from one request, which itself is counted elsewhere."""
        self._first = first
        made: list[Sample] = []
        await self._generation.run([first], self, made.append, self._rate)
        for sample in made:
            if sample.fault == MORE_THAN_ASKED:
                continue
            passages = _passages_of(sample, first)
            if not self._curation.too_long(sample, passages):
                self.said.append(len(text_of(sample)))
                await self._curation.ask_all(sample, passages, self.complete)

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns."""
        open_ = deque(requests)
        while open_:
            request = open_.popleft()
            open_.extend(handle(request, self._answered(request, GENERATING)))

    async def complete(self, request: Request) -> Completion:
        """Answer a filter's request."""
        return self._answered(request, request.recipe)

    async def _rate(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        return await self._curation.rate(sample, passages, self.complete)

    def _answered(self, request: Request, stage: str) -> Completion:
        estimated = self._estimator.of(request)
        if request is not self._first and request.id not in self._seen:  # the journal answers it else
            self.taken[stage].add(estimated.taken)
        self._seen.add(request.id)
        return estimated.completion


def _passages_of(sample: Sample, request: Request) -> tuple[Passage, ...]:
    shown = [*request.passages, *(each.context for each in request.passages if each.context)]
    return passages_of(sample, {passage.document.id: passage.document for passage in shown})
