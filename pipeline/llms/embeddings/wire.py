"""How vectors are asked for, and what comes back, in the shape that the journal keeps."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel

from pipeline.llms.wire.asking import Answered, read_or_trouble
from pipeline.llms.wire.connection import Connection, EndpointTrouble
from pipeline.llms.wire.exchange import (
    BrokenBody,
    ErrorBody,
    Exchange,
    ForeignBody,
    object_in,
    usage_from,
)
from schemas.contracts import Price
from schemas.requests import Message, Request, Sampling, Usage

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

RECIPE = "embeddings"
_PATH = "embeddings"
_BYTES_PER_S = 2000
_ADVICE = "check embeddings.base_url; it must lead to an API with /embeddings, and often ends in /v1"


class Vectors(BaseModel):
    """How many vectors a batch brought. As a request's schema it sets its key apart from any chat's."""

    count: int


def vectors_request(texts: Sequence[str], model: str) -> Request:
    """Return the request for the vectors of `texts`, in their order."""
    turns = tuple(Message("user", text) for text in texts)
    return Request(RECIPE, turns, Sampling(model), Vectors)


def text_key(text: str, model: str) -> str:
    """Return what a text's vector is kept under, whichever batch brings it."""
    return vectors_request((text,), model).id + "-vector"


@dataclass(frozen=True, slots=True)
class EmbeddingAsker:
    """Asks one endpoint for vectors."""

    base_url: str
    connection: Connection
    price: Price
    timeout_s: float

    async def ask(self, turn: Request, key: str, tries: int) -> Answered:
        """Return the vectors of the texts of `turn`, as the parts of what was said.

        Raises:
            EndpointTrouble: there are none.
        """
        body = _body(turn)
        allowed_s = (self.timeout_s + len(body) / _BYTES_PER_S) * (1 + tries / 2)
        try:
            with read_or_trouble(_ADVICE):
                response = await self.connection.post(_PATH, (body,), allowed_s)
                return Answered(exchange_of(response.body, turn, key, self.price), response.headers)
        except EndpointTrouble as error:
            raise EndpointTrouble(replace(error.trouble, unsupported="")) from None

    async def greet(self, like: Request, timeout_s: float) -> None:
        """Return once the model of `like` has given a vector.

        Raises:
            EndpointTrouble: it has not.
        """
        brief = replace(self, timeout_s=min(timeout_s, self.timeout_s))
        await brief.ask(vectors_request(("OK",), like.sampling.model), "", 0)


def exchange_of(body: bytes, request: Request, key: str, price: Price) -> Exchange:
    """Return what a response says, with each vector under its text's own key.

    Raises:
        BrokenBody: it is garbled, or does not hold one usable vector for each text.
        ErrorBody: it is an error.
        ForeignBody: it is not what an embeddings endpoint sends.
    """
    said = object_in(body)
    if not isinstance(said.get("data"), list):
        if "error" in said:
            raise ErrorBody(said)
        raise ForeignBody("the response holds no vectors")
    model = request.sampling.model
    vectors = _in_order(said["data"], len(request.messages))
    parts = tuple(
        Exchange(text_key(turn.content, model), RECIPE, model, base64.b64encode(vector).decode())
        for turn, vector in zip(request.messages, vectors, strict=True)
    )
    content = orjson.dumps({"count": len(parts)}).decode()
    usage = usage_from(said, price) or Usage(requests=1)
    return Exchange(key, RECIPE, model, content, usage=usage, parts=parts)


def vector_in(exchange: Exchange) -> "NDArray[float32]":
    """Return the vector that a part keeps, at length 1."""
    import numpy as np

    vector = np.frombuffer(base64.b64decode(exchange.content), dtype="<f4").astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector.astype(np.float64)))


def _body(turn: Request) -> bytes:
    texts = [message.content for message in turn.messages]
    return orjson.dumps({"model": turn.sampling.model, "input": texts, "encoding_format": "float"})


def _in_order(items: list[Any], count: int) -> list[bytes]:
    """Return the vectors as little-endian 32-bit floats, in the order of the texts."""
    if len(items) != count or not all(isinstance(item, dict) for item in items):
        raise BrokenBody(f"{len(items)} vectors for {count} texts")
    places = [item.get("index", place) for place, item in enumerate(items)]
    if sorted(map(str, places)) != sorted(map(str, range(count))):
        raise BrokenBody("vectors that do not say which text each belongs to")
    by_place = {int(place): item.get("embedding") for place, item in zip(places, items, strict=True)}
    vectors = [_floats(by_place[place]) for place in range(count)]
    if len({len(vector) for vector in vectors}) != 1:
        raise BrokenBody("vectors of different lengths")
    return vectors


def _floats(said: object) -> bytes:
    import numpy as np

    try:
        raw = base64.b64decode(said, validate=True) if isinstance(said, str) else None
        vector = np.frombuffer(raw, dtype="<f4") if raw is not None else np.asarray(said, dtype="<f4")
    except (binascii.Error, TypeError, ValueError) as error:
        raise BrokenBody("a vector that is no list of numbers") from error
    if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all() or not vector.any():
        raise BrokenBody("a vector that is empty, zero or not finite")
    return vector.tobytes()
