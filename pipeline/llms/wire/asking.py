"""One turn with one endpoint: rendered, sent, read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pydantic import JsonValue

from pipeline.llms.wire.body import Dialect, body_of
from pipeline.llms.wire.clean import cleaned
from pipeline.llms.wire.connection import Connection, EndpointTrouble
from pipeline.llms.wire.dialects import Dialects
from pipeline.llms.wire.exchange import BrokenBody, ErrorBody, Exchange, ForeignBody, exchange_from
from pipeline.llms.wire.trouble import Trouble, trouble_in_body
from schemas.contracts import Price
from schemas.requests import FailureReason, Message, Request, Sampling, Usage

_READ_TOKENS_PER_S = 500
_BYTES_PER_TOKEN = 4
CHATS = "chat/completions"
_ADVICE = "check the base URL; it must lead to an OpenAI-compatible API and often ends in /v1"
_GREETING = (Message("user", "Say OK."),)
_GREETING_TOKENS = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, and the response's headers."""

    exchange: Exchange
    headers: Mapping[str, str]


@contextmanager
def read_or_trouble(advice: str) -> Iterator[None]:
    """Run what reads a response: a broken one may come right, a foreign one never does.

    Raises:
        EndpointTrouble: it was either. A foreign one bears the `advice`.
    """
    try:
        yield
    except BrokenBody as error:
        raise EndpointTrouble(Trouble(FailureReason.CONNECTION, str(error))) from error
    except ErrorBody as error:
        raise EndpointTrouble(trouble_in_body(error.said)) from error
    except ForeignBody as error:
        raise EndpointTrouble(Trouble(FailureReason.BAD_REQUEST, str(error), advice=advice)) from error


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one endpoint. `timeout_s` is for a short prompt; it grows with the prompt."""

    base_url: str
    connection: Connection
    dialects: Dialects
    extra: Mapping[str, JsonValue]
    price: Price
    timeout_s: float

    async def ask(self, turn: Request, key: str, tries: int) -> Answered:
        """Return the answer to `turn`, whose id is `key` and which was tried so often before.

        Raises:
            EndpointTrouble: there is none.
        """
        model = turn.sampling.model
        dialect = self.dialects.of(self.base_url, model)
        body = body_of(turn, dialect, self.extra)
        size = sum(map(len, body))
        allowed_s = (self.timeout_s + size / _BYTES_PER_TOKEN / _READ_TOKENS_PER_S) * (1 + tries / 2)
        try:
            with read_or_trouble(_ADVICE):
                response = await self.connection.post(CHATS, body, allowed_s)
                exchange = exchange_from(response.body, turn, key, self.price)
        except EndpointTrouble as error:
            if said := cleaned(error.trouble.said):  # the dialogue reads it as any answer, and corrects it
                return Answered(Exchange(key, turn.recipe, model, said, usage=Usage(requests=1)), {})
            raise self._other_way(error, model, dialect) from None
        if turn.answer_schema is not None and dialect.structured != "prompt" and exchange.content:
            self.dialects.heard(self.base_url, model, json="{" in exchange.content)
        return Answered(exchange, response.headers)

    async def greet(self, like: Request, timeout_s: float) -> None:
        """Return once the model of `like` has answered something short.

        Raises:
            EndpointTrouble: it has not.
        """
        sampling = Sampling(like.sampling.model, max_output_tokens=_GREETING_TOKENS)
        brief = replace(self, timeout_s=min(timeout_s, self.timeout_s))
        await brief.ask(Request("greeting", _GREETING, sampling), "", 0)

    def _other_way(self, error: EndpointTrouble, model: str, asked: Dialect) -> EndpointTrouble:
        """Return the trouble, as one that passes at once where the endpoint can be asked differently."""
        unknown = error.trouble.unsupported
        if unknown and self.dialects.refused(self.base_url, model, unknown, asked):
            return EndpointTrouble(replace(error.trouble, retry_after_s=0.0))
        return EndpointTrouble(replace(error.trouble, unsupported=""))
