"""Further rounds: asking until each recipe has its number, or cannot give it."""

import asyncio
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count

from flows.stages.export import count_accepted
from flows.stages.generate import CORPUS, documents_of, kind_of
from flows.stages.parse import Batch
from flows.stages.pursuing import Pursuit, pieces_of
from flows.stages.rounds import Begun, Full, MakeUnit, make_round, one_by_one
from flows.stages.wanted import Accepted, Want, wants
from flows.stages.workshop import Workshop, prepare
from pipeline.rounds import SPARE
from schemas.mix import quotas
from schemas.settings import Settings

MAX_ROUNDS = 64
# What a document lacks is asked of few of its passages, of more after each round that brought nothing; of all
# documents together, a round asks about few too.
PATIENCE_PER_DOCUMENT = 3
PATIENCE_OF_CORPUS = 2
_SPARE_ROWS = 0.01  # of those that a target still wants
_LOOKED_INTO = 4  # pieces, to see how much is asked about a document


@dataclass(slots=True)
class _Track:
    """How far the asking for one number has come. `dry` says why no more is asked for it.

    `left` are the batches that the round has not come to; `lacked` is what was lacking when it began,
    `barren` how many rounds in a row brought nothing, `patience` how many may.
    """

    want: Want
    batches: Sequence[Batch]
    rounds: Iterator[int]
    shards: int = 0
    round_: int = 0
    left: list[Batch] = field(default_factory=list)
    lacked: int = -1
    barren: int = 0
    patience: int = 1
    dry: str = ""

    def next_round(self, lacking: int) -> None:
        """Begin a round where the last one is over; see that it is no use where that one brought nothing."""
        if self.left:
            return
        self.barren = self.barren + 1 if lacking >= self.lacked >= 0 else 0
        if self.barren >= self.patience:
            self.dry = "another round over all documents brought nothing new"
            return
        self.round_, self.left, self.lacked = next(self.rounds), list(self.batches), lacking
        if self.round_ >= MAX_ROUNDS or not self.left:
            self.dry = f"{MAX_ROUNDS} rounds were not enough" if self.left else "there are no documents"

    def wanted(self, lacking: Mapping[str, int]) -> dict[str, int] | None:
        """Return how many samples to ask of each document, None where documents are not counted."""
        if not self.want.per_document:
            return None
        return {document: count + 2 * self.barren for document, count in lacking.items()}

    def take(self, lacking: int) -> list[Batch]:
        """Return the batches to ask about now: as many as should be enough, by what they gave until now."""
        given = self.want.count - lacking
        if self.want.per_document:
            enough = len(self.left)
        elif given:
            enough = math.ceil(SPARE * lacking * self.shards / given)
        else:
            enough = len(self.left) if self.shards or self.want.recipe is None else 1
        now, self.left = self.left[:enough], self.left[enough:]
        self.shards += len(now)
        return now


class Asking:
    """Asks about the batches of a run again and again."""

    def __init__(
        self,
        shop: Workshop,
        make: MakeUnit,
        full: Full,
        batches: Sequence[Batch],
        group: asyncio.TaskGroup,
    ) -> None:
        self._shop, self._make, self._full, self._batches = shop, make, full, batches
        self._group = group
        self._job = shop.job
        self._documents = {id_ for batch in batches for id_ in batch.document_ids}
        self._begun: Pursuit | None = None

    async def begin(self, first_round: Sequence[Begun]) -> None:
        """Begin to ask for what the first round will not give, while its last answers are still to come.

        How much that is follows from the first half of its units.
        """
        want = next((each for each in wants(self._job.settings) if each.recipe is None), None)
        telling = first_round[: len(first_round) // 2]
        if want is None or not telling or not self._about_documents(want):
            return
        shards = [shard for each in telling for shard in await each.task]
        asked = sum(len(batch.document_ids) for each in telling for batch in each.batches)
        given = want.count - sum((await self._lacking(want, shards)).values())
        left = want.count - given * len(self._documents) // max(1, asked)
        if left > 0:
            batches = batches_for(None, self._job.settings, self._batches)
            self._begun = self._pursuit(want, batches, given / max(1, asked))
            await self._begun.begin(left, first_round)

    def _about_documents(self, want: Want) -> bool:
        """Whether all recipes that count for a number ask about documents by themselves."""
        return all(self._shop.generation.scope(label) == "document" for label in want.counted)

    async def rounds(self, shards: list[str]) -> list[str]:
        """Return the shards of further rounds. The meter says of each number why no more is asked.

        Those of one number are asked one after the other; what a later one brings may be the better copy of a
        sample that counted for an earlier one, so all are looked at again until nothing is lacking.
        """
        tracks = [await self._track(want, shards) for want in wants(self._job.settings)]
        further: list[str] = []
        while True:
            before = len(further)
            for want, track in tracks:
                if isinstance(track, Pursuit):
                    further += await self._pursue(want, track, shards + further)
                else:
                    further += await self._round(track, shards + further)
            if len(further) == before:
                return further

    async def _pursue(self, want: Want, pursuit: Pursuit, shards: list[str]) -> list[str]:
        """Return the shards of what is asked for one number until it is reached."""
        label = f" for {want.recipe}" if want.recipe else ""
        self._job.meter.stage = f"asking on{label}"

        # A sample may turn out to say what two others say, which are one then: a few more are asked for.
        spare = math.ceil(want.count * _SPARE_ROWS) if want.recipe is None else 0

        async def lacking(more: list[str]) -> int:
            return sum((await self._lacking(want, shards + more, spare)).values())

        if not await self._lacking(want, shards):
            return []
        further = await pursuit.run(lacking)
        if pursuit.dry:
            self._job.meter.ran_dry[want.recipe] = pursuit.dry
        return further

    async def _round(self, track: _Track, shards: list[str]) -> list[str]:
        """Return the shards of one round for one number, or of as much of it as the number takes."""
        further: list[str] = []
        lacking = await self._lacking(track.want, shards)
        if not lacking or track.dry:
            return []
        track.next_round(sum(lacking.values()))
        if not track.dry:
            label = track.want.recipe
            self._job.meter.stage = (
                f"asking again{f' for {label}' if label else ''}, round {track.round_ + 1}"
            )
            shop = self._shop.in_round(track.round_, label, track.wanted(lacking))
            while track.left and lacking:
                now = track.take(sum(lacking.values()))
                further += await make_round(shop, self._make, one_by_one(now), track.round_, self._full)
                lacking = await self._lacking(track.want, shards + further)
            track.dry = shop.gateway.stats().paused
        if track.dry:
            self._job.meter.ran_dry[track.want.recipe] = track.dry
        return further

    async def _lacking(self, want: Want, shards: list[str], spare: int = 0) -> dict[str, int]:
        job = self._job
        if spare:
            more = {"target": (job.settings.target or 0) + spare}
            job = replace(job, settings=job.settings.model_copy(update=more))
        accepted: Accepted = await asyncio.to_thread(count_accepted, job, shards)
        return replace(want, count=want.count + spare).lacking(accepted, sorted(self._documents))

    async def _track(self, want: Want, shards: list[str]) -> "tuple[Want, _Track | Pursuit]":
        """Return how one number is asked for: on and on about documents, else round by round.

        A number per run is asked for here alone, others were asked for once with all recipes.
        """
        batches = batches_for(want.recipe, self._job.settings, self._batches)
        documents = all(kind_of(batch) == "document" for batch in batches)
        if documents and not want.per_document:
            if want.recipe is None and self._begun is not None:
                return want, self._begun
            return want, self._pursuit(want, batches, await self._per_document(want, batches, shards))
        if want.recipe is None:
            return want, _Track(want, self._batches, count(1), len(shards))
        if want.per_document:
            return want, _Track(want, batches, count(1), patience=PATIENCE_PER_DOCUMENT)
        corpus = any(batch.shard == CORPUS for batch in batches)
        return want, _Track(want, batches, count(0), patience=PATIENCE_OF_CORPUS if corpus else 1)

    def _pursuit(self, want: Want, batches: Sequence[Batch], per_document: float) -> Pursuit:
        @cache
        def shop(round_: int) -> Workshop:
            return self._shop.in_round(round_, want.recipe)

        first = 1 if want.recipe is None else 0
        return Pursuit(shop, self._make, self._full, batches, self._group, first, MAX_ROUNDS, per_document)

    async def _per_document(self, want: Want, batches: Sequence[Batch], shards: list[str]) -> float:
        """Return how many samples a document is expected to give: what it gave, else what it is asked for."""
        if want.recipe is None:
            lacking = sum((await self._lacking(want, shards)).values())
            return (want.count - lacking) / max(1, len(self._documents))
        shop = self._shop.in_round(0, want.recipe)
        return await asyncio.to_thread(_asked_per_document, shop, batches[:_LOOKED_INTO])


def _asked_per_document(shop: Workshop, batches: Sequence[Batch]) -> float:
    """Return how many samples a document is asked for, on average over some."""
    documents = [document for batch in batches for document in documents_of(shop, batch)()]
    asked = sum(request.count for request in shop.generation.requests(documents))
    return max(1.0, asked) / max(1, len(documents))


def batches_for(recipe: str | None, settings: Settings, batches: Sequence[Batch]) -> list[Batch]:
    """Return what one recipe is asked about alone, in an order that the seed draws, documents in pieces.

    With None, what all recipes without a number per run are asked about again.
    """
    generation, _ = prepare(settings)
    if recipe is None:
        return pieces_of(batches) if all(kind_of(batch) == "document" for batch in batches) else [*batches]
    asked = generation.scope(recipe)
    own = [replace(batch, recipe=recipe) for batch in batches if kind_of(batch) == asked]
    if asked == "document" and quotas(settings)[recipe].per == "run":
        own = [replace(piece, cut_from=()) for piece in pieces_of(own)]
    return sorted(own, key=lambda batch: hashlib.sha256(f"{settings.seed}:{batch}".encode()).digest())
