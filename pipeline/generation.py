"""From documents to candidate samples: what to ask, and what the replies hold."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol

from pipeline.contests import Rate
from pipeline.corpus import sampled
from pipeline.coverage import Covered
from pipeline.facts.names import names
from pipeline.harvest import Generated, Harvest
from pipeline.languages import language_of
from pipeline.llms.endpoints import card_of
from pipeline.mix import BuiltRecipe
from pipeline.packs import Limits, Packable
from pipeline.passages import pack_room, plan_passages
from pipeline.tokens import TokenEstimate
from schemas.contracts import Scope
from schemas.documents import Document, Passage
from schemas.registry import providers
from schemas.requests import Completion, Request
from schemas.samples import Sample
from schemas.settings import Settings
from schemas.vectors import Vectors

_READ_FOR_NAMES = 200_000  # characters of a document
_MOST_NAMES = 200
_FENCE_TOKENS = 100


class Gateway(Protocol):
    """The part of the model's gateway that generation needs."""

    async def run(self, requests: Iterable[Request], handle: "Handle") -> None:
        """Answer all requests, and those that `handle` returns."""
        ...


class Handle(Protocol):
    """Takes each answered request, and returns the requests that follow from it."""

    def __call__(self, request: Request, completion: Completion) -> Iterable[Request]:
        """Return what to ask next."""
        ...


class Generation:
    """Asks a mix of recipes about documents.

    `estimate` decides where documents are cut. It must not learn during a run: a resumed one has to send the
    same requests, byte for byte.
    """

    def __init__(
        self, settings: Settings, recipes: Iterable[BuiltRecipe], window: int | None, estimate: TokenEstimate
    ) -> None:
        self._settings, self._window, self._estimate = settings, window, estimate
        self._recipes = {built.label: built for built in recipes}
        self._plan = partial(
            plan_passages,
            window=window,
            estimate=estimate,
            price=card_of(settings, providers.get(settings.provider)).price,
        )

    @property
    def needs_documents(self) -> bool:
        """Whether there is nothing to ask without documents."""
        return all(recipe.entry.needs_documents for recipe in self._recipes.values())

    def asks(self, scope: Scope) -> bool:
        """Whether any recipe asks about each document, about packs of them, or about all together."""
        return any(recipe.entry.scope == scope for recipe in self._recipes.values())

    def pack_limits(self) -> Limits:
        """Return how much a pack of documents may hold.

        Raises:
            SettingsError: the settings do not tell.
        """
        return Limits(pack_room(self._settings, self._window), self._settings.passages.pack_documents)

    def packable(self, document: Document) -> Packable:
        """Return what decides about a document's pack."""
        head = document.text[:_READ_FOR_NAMES]
        language = language_of(Passage(document, 0, len(head)))
        found = {zlib.crc32(name.key.encode()) for name in names(head, language)}
        tokens = self._estimate.count(document.text) + _FENCE_TOKENS
        return Packable(document.id, document.source.uri, tokens, frozenset(sorted(found)[:_MOST_NAMES]))

    def plan(self, document: Document) -> str:
        """Return how a document would be shown, and why, for people."""
        planned = self._plan(document, self._settings)
        return f"{planned.mode}: {planned.reason}"

    def of(self, recipe: str | None) -> "Generation":
        """Return what asks the recipe with this label alone; with None, all that have no number per run."""
        chosen = [
            built
            for built in self._recipes.values()
            if (built.label == recipe if recipe else built.quota is None or built.quota.per == "document")
        ]
        return Generation(self._settings, chosen, self._window, self._estimate)

    def scope(self, recipe: str) -> Scope:
        """Return what the recipe with this label asks about."""
        return self._recipes[recipe].entry.scope

    def requests(
        self,
        documents: Iterable[Document],
        covered: Covered | None = None,
        lacking: Mapping[str, int] | None = None,
    ) -> Iterator[Request]:
        """Yield what to ask about each document by itself, those of one document together.

        Another round tells by `covered` what the earlier ones made good samples from, and asks about the
        rest of each document; about all of it again where there is none. `lacking` tells how many samples
        each document shall still give; others are passed over.
        """
        built = [recipe for recipe in self._recipes.values() if recipe.entry.scope == "document"]
        for document in documents:
            if lacking is not None and document.id not in lacking:
                continue
            passages = self._plan(document, self._settings).passages
            for recipe in built:
                wanted = recipe.quota.count if recipe.quota and recipe.quota.per == "document" else None
                yield from recipe.requests(
                    passages, covered, wanted if lacking is None else lacking[document.id]
                )

    def corpus_requests(
        self, documents: Callable[[], Iterable[Document]], vectors: Vectors | None = None
    ) -> Iterator[Request]:
        """Yield what to ask about all documents together. `documents` is called once per recipe.

        `vectors` are those of their passages, for recipes that link passages by them.
        """
        for recipe in self._recipes.values():
            if recipe.entry.scope == "corpus":
                chunks = self._chunks(documents())
                yield from (
                    recipe.requests(chunks) if vectors is None else recipe.requests_near(chunks, vectors)
                )

    def pack_requests(self, documents: Iterable[Document]) -> Iterator[Request]:
        """Yield what to ask about the documents of one pack, in their order."""
        whole = self._settings.model_copy(update={"context": "whole"})
        parts = [part for document in documents for part in self._plan(document, whole).passages]
        for recipe in self._recipes.values():
            if recipe.entry.scope == "pack":
                yield from recipe.requests(parts)

    def corpus_passages(self, documents: Iterable[Document]) -> list[Passage]:
        """Return the passages that recipes about all documents choose from."""
        return sampled(self._chunks(documents), self._settings.seed)

    async def run(
        self,
        requests: Iterable[Request],
        gateway: Gateway,
        made: Callable[[Sample], None] | None = None,
        rate: Rate | None = None,
    ) -> Generated:
        """Ask everything, and return what came of it. The order of replies does not show in it.

        `made` is told of each sample as soon as it is there. `rate` is the judge of recipes that choose among
        candidates.
        """
        harvest = Harvest(self._recipes, made, rate)
        try:
            await gateway.run(harvest.sown(requests), harvest.take)
            await harvest.judged()
        finally:
            harvest.give_up()
        return harvest.generated()

    def _chunks(self, documents: Iterable[Document]) -> Iterator[Passage]:
        chunked = self._settings.model_copy(update={"context": "chunk"})
        for document in documents:
            yield from self._plan(document, chunked).passages
