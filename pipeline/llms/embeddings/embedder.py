"""Texts in, vectors out: in batches, each text paid for once."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.llms.embeddings.wire import EmbeddingAsker, text_key, vector_in, vectors_request
from pipeline.llms.endpoint_gateway import open_line
from pipeline.llms.journal.journal import Journal
from pipeline.llms.scheduling.scheduler import Scheduler
from pipeline.llms.stats import GatewayStats
from pipeline.llms.wire.connection import Connection
from pipeline.places import Place
from schemas.contracts import Price
from schemas.errors import SettingsError
from schemas.registry import providers
from schemas.requests import Completion, Failure, FailureReason, Request, Usage
from schemas.settings import EmbeddingSettings, Settings

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_CHARACTERS_PER_TOKEN = 4
_LOOKED_UP_AT_ONCE = 500
_TOO_MUCH = (FailureReason.CONTEXT_TOO_LONG, FailureReason.BAD_REQUEST, FailureReason.REFUSED)


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """The vectors of some texts, row by row, of shape (texts, dimensions) and at length 1.

    `missing` says why a text has none, by its place; its row is zero.
    """

    vectors: "NDArray[float32]"
    missing: Mapping[int, str]


class Embedder:
    """Asks for vectors. Several tasks of one event loop may use it at the same time."""

    def __init__(
        self, scheduler: Scheduler, journal: Journal, model: str, settings: EmbeddingSettings
    ) -> None:
        self._scheduler = scheduler
        self._journal = journal
        self._model = model
        self._settings = settings

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since it opened."""
        return self._scheduler.accounts.usage

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Return the vectors of `texts`. Equal texts, and those of earlier calls and runs, cost nothing.

        A text is cut at `embeddings.max_tokens`. One that is empty or that the endpoint refuses has none.

        Raises:
            EndpointError: the endpoint cannot be used.
            RunFolderError: vectors cannot be kept.
        """
        cut = [text[: self._settings.max_tokens * _CHARACTERS_PER_TOKEN].strip() for text in texts]
        keys = [text_key(text, self._model) for text in cut]
        wanted = {key: text for key, text in zip(keys, cut, strict=True) if text}
        unknown = [text async for text in self._unknown(wanted)]
        failures = _Failures(self._model)
        await self._scheduler.run(self._requests(unknown), failures.handle)
        return await self._gathered(keys, failures.by_key)

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display."""
        return self._scheduler.stats()

    def stop(self) -> None:
        """End within seconds; what is not answered has no vector."""
        self._scheduler.stop()

    async def close(self) -> None:
        """Let go of connections and files."""
        await self._scheduler.close()

    async def _unknown(self, wanted: Mapping[str, str]) -> AsyncIterator[str]:
        for number, (key, text) in enumerate(wanted.items()):
            if number % _LOOKED_UP_AT_ONCE == 0:
                await asyncio.sleep(0)
            if not self._scheduler.holds(key):
                yield text

    def _requests(self, texts: Sequence[str]) -> Iterator[Request]:
        size = self._settings.batch
        for start in range(0, len(texts), size):
            yield vectors_request(texts[start : start + size], self._model)

    async def _gathered(self, keys: Sequence[str], failures: Mapping[str, str]) -> Embedded:
        import numpy as np

        rows: dict[int, NDArray[float32]] = {}
        missing: dict[int, str] = {}
        for place, key in enumerate(keys):
            if place % _LOOKED_UP_AT_ONCE == 0:
                await asyncio.sleep(0)
            exchange = self._journal.get(key)
            vector = vector_in(exchange) if exchange is not None else None
            if vector is None:
                missing[place] = failures.get(key, "there is nothing to embed")
            elif rows and vector.size != next(iter(rows.values())).size:
                missing[place] = f"another number of dimensions: {vector.size}"
            else:
                rows[place] = vector
        width = next(iter(rows.values())).size if rows else 0
        vectors = np.zeros((len(keys), width), dtype=np.float32)
        for place, vector in rows.items():
            vectors[place] = vector
        return Embedded(vectors, missing)


class _Failures:
    """Why texts have no vector. A batch that an endpoint turns down is halved until the culprit is alone."""

    def __init__(self, model: str) -> None:
        self._model = model
        self.by_key: dict[str, str] = {}

    def handle(self, request: Request, completion: Completion) -> Iterable[Request]:
        if not isinstance(completion, Failure):
            return ()
        texts = [message.content for message in request.messages]
        half = len(texts) // 2
        if half and completion.reason in _TOO_MUCH:
            return [vectors_request(part, self._model) for part in (texts[:half], texts[half:])]
        why = (
            f"{completion.reason.value}: {completion.detail}"
            if completion.detail
            else completion.reason.value
        )
        self.by_key.update((text_key(text, self._model), why) for text in texts)
        return ()


@asynccontextmanager
async def open_embedder(settings: Settings, replies: Place) -> AsyncIterator[Embedder]:
    """Yield the way to the model that `settings.embeddings` names. `replies` holds the journal.

    Raises:
        SettingsError: no model is named, or its provider or endpoint cannot give vectors.
        UnknownName: there is no such provider.
        RunFolderError: the journal cannot be used.
    """
    embedder = await _opened(settings, replies)
    try:
        yield embedder
    finally:
        await embedder.close()


async def _opened(settings: Settings, replies: Place) -> Embedder:
    own = settings.embeddings
    chosen = embedding_settings(settings)
    entry = providers.get(chosen.provider)
    if entry.connect is not None:
        raise SettingsError(
            "embeddings.model", f"provider '{chosen.provider}' has no vectors; name an endpoint's"
        )

    def asks(base_url: str, connection: Connection, price: Price) -> EmbeddingAsker:
        return EmbeddingAsker(base_url, connection, price, chosen.llm.timeout_s)

    line = await open_line(chosen, entry, replies, asks)
    return Embedder(line.scheduler, line.journal, chosen.model_name, own)


def embedding_settings(settings: Settings) -> Settings:
    """Return settings of which the model, its endpoint, price and pace are those of the embeddings.

    Raises:
        SettingsError: no model is named.
    """
    own = settings.embeddings
    if own.model is None:
        raise SettingsError("embeddings.model", "no model is named, as in --set embeddings.model=vllm/bge-m3")
    llm = settings.llm.model_copy(
        update={"endpoints": (), "window": None, "price": own.price, "concurrency": own.concurrency}
    )
    return settings.model_copy(update={"model": own.model, "base_url": own.base_url, "llm": llm})
