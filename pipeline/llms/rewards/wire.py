"""How a reward model is asked, and what comes back, in the shape that the journal keeps.

vLLM serves these routes beside /v1; other servers and older versions below it. Both are tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

import orjson

from pipeline.judging.rewards import Rewards
from pipeline.llms.wire.asking import Answered, read_or_trouble
from pipeline.llms.wire.connection import Connection, EndpointTrouble, Response
from pipeline.llms.wire.exchange import ErrorBody, Exchange, ForeignBody, object_in, usage_from
from pipeline.llms.wire.trouble import Trouble
from schemas.contracts import Price
from schemas.errors import SettingsError
from schemas.requests import Message, Request, Usage
from schemas.settings import RewardRoute

_BYTES_PER_S = 2000
_MOST_NUMBERS = 100
_NO_ROUTE = (404, 405)
_FIELD: Mapping[RewardRoute, str] = {"score": "score", "classify": "probs", "pooling": "data"}
GREETING = (Message("user", "Say OK."), Message("assistant", "OK."))
_ADVICE = "check judge.base_url and judge.route; it must lead to a server of reward models, as vLLM's"


@dataclass(frozen=True, slots=True)
class RewardAsker:
    """Asks one endpoint for rewards. `connection` leads to its root, above /v1; `paths` are those found."""

    base_url: str
    connection: Connection
    price: Price
    timeout_s: float
    paths: dict[RewardRoute, str] = field(default_factory=dict)

    async def ask(self, turn: Request, key: str, tries: int) -> Answered:
        """Return the numbers for the chat of `turn`, whose last message is the answer to rate.

        Raises:
            EndpointTrouble: there are none.
        """
        shape = _shape_of(turn)
        body = _body(turn, shape)
        allowed_s = (self.timeout_s + len(body) / _BYTES_PER_S) * (1 + tries / 2)
        with read_or_trouble(_ADVICE):
            response = await self._response(shape.route, body, allowed_s)
            return Answered(exchange_of(response.body, turn, key, self.price), response.headers)

    async def greet(self, like: Request, timeout_s: float) -> None:
        """Return once a short answer was rated as that of `like` shall be.

        Raises:
            EndpointTrouble: it was not.
        """
        brief = replace(self, timeout_s=min(timeout_s, self.timeout_s))
        await brief.ask(replace(like, messages=GREETING), "", 0)

    async def _response(self, route: RewardRoute, body: bytes, allowed_s: float) -> Response:
        known = self.paths.get(route)
        for path in (known,) if known else (route, f"v1/{route}"):
            try:
                response = await self.connection.post(path, (body,), allowed_s)
            except EndpointTrouble as error:
                if not _no_such_route(error.trouble):
                    raise
                missing = error.trouble
            else:
                self.paths[route] = path
                return response
        advice = f"there is no /{route}; judge.route names another, judge.base_url the server"
        raise EndpointTrouble(replace(missing, advice=advice))


def exchange_of(body: bytes, request: Request, key: str, price: Price) -> Exchange:
    """Return what a response says of the one answer, its numbers as they are.

    What is no number is no fault of the connection, and would come again: it is kept, with the problem.

    Raises:
        BrokenBody: it is garbled.
        ErrorBody: it is an error.
        ForeignBody: it is not what these routes send.
    """
    said = object_in(body)
    if not isinstance(said.get("data"), list):
        if "error" in said:
            raise ErrorBody(said)
        raise ForeignBody("the response holds no numbers")
    values, problem = _numbers(said["data"], _shape_of(request).route)
    content = orjson.dumps({"values": values, "problem": problem}).decode()
    usage = usage_from(said, price) or Usage(requests=1)
    return Exchange(key, request.recipe, request.sampling.model, content, usage=usage)


def _shape_of(request: Request) -> type[Rewards]:
    shape = request.answer_schema
    if shape is None or not issubclass(shape, Rewards):
        raise SettingsError("judge.kind", "is reward, but a filter asks the judge for words")
    return shape


def _body(turn: Request, shape: type[Rewards]) -> bytes:
    said: dict[str, object] = {"model": turn.sampling.model}
    if shape.route == "score":
        *prompt, answer = turn.messages
        said |= {"text_1": "\n\n".join(message.content for message in prompt), "text_2": answer.content}
    else:
        said["messages"] = [{"role": each.role, "content": each.content} for each in turn.messages]
    if shape.raw:
        said["use_activation"] = False
    return orjson.dumps(said)


def _no_such_route(trouble: Trouble) -> bool:
    """Whether there is nothing at an address, rather than no such model."""
    return trouble.status in _NO_ROUTE and "model" not in trouble.detail.lower()


def _numbers(data: list[object], route: RewardRoute) -> tuple[list[float], str]:
    """Return the numbers for one answer, or none and why. Of a list per token the last row counts."""
    item = data[0] if len(data) == 1 else None
    if not isinstance(item, dict):
        return [], f"{len(data)} results for one answer"
    found = item.get(_FIELD[route])
    row = found if isinstance(found, list) else [found]
    if row and isinstance(row[-1], list):
        row = row[-1]
    numbers = [float(each) for each in row if isinstance(each, int | float) and not isinstance(each, bool)]
    if not row or len(numbers) != len(row):
        return [], "no number, or something else beside it"
    if not all(map(isfinite, numbers)):
        return [], "a number that is not finite"
    if len(numbers) > _MOST_NUMBERS:
        return [], f"{len(numbers)} numbers, as of a model that embeds"
    return numbers, ""
