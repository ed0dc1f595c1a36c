"""What `tunesmith doctor` asks an endpoint, so that a run need not find out."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import orjson
from pydantic import BaseModel, ConfigDict

from pipeline.llms.endpoints import card_of, endpoints_of
from pipeline.llms.reading.answer import read_answer
from pipeline.llms.reading.thinking import split_thinking
from pipeline.llms.wire.asking import Answered, Asker
from pipeline.llms.wire.body import Dialect, Structured
from pipeline.llms.wire.connection import Connection, EndpointTrouble, connect
from pipeline.llms.wire.dialects import Dialects, Known, remember
from schemas.contracts import Price, ProviderEntry
from schemas.registry import providers
from schemas.requests import FailureReason, Image, Message, Request, Sampling
from schemas.settings import Endpoint, Settings

_TIMEOUT_S = 60.0
_TOKENS = 512  # enough for a model that thinks first
_STRUCTURED: tuple[Structured, ...] = ("json_schema", "json_object", "prompt")
_RED_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
)


class _Sum(BaseModel):
    model_config = ConfigDict(extra="forbid")

    total: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What works. None is not known. `problem` and `advice` say what stops a run, empty where nothing does.

    `structured` are the ways in which the model answered in JSON, the best first. Nothing here is secret.
    """

    endpoint: str
    model: str
    reachable: bool | None = None
    key_accepted: bool | None = None
    model_known: bool | None = None
    structured: tuple[Structured, ...] = ()
    images: bool | None = None
    window: int | None = None
    problem: str = ""
    advice: str = ""


async def probe(settings: Settings) -> Findings:
    """Return what the settings' endpoint can do, and remember it for later runs.

    Raises:
        UnknownName: there is no such provider.
        SettingsError: nothing says where the model is served.
    """
    entry = providers.get(settings.provider)
    if entry.connect is not None:
        return Findings("this process", settings.model_name, reachable=True, model_known=True)
    endpoint = endpoints_of(settings, entry)[0]
    async with _connected(endpoint) as connection:
        found = await _Examiner(settings, entry, endpoint, connection).examine()
    if found.structured:
        dialect = Dialect(found.structured[0], entry.max_tokens_parameter)
        known = Known(dialect=dialect, images=found.images, window=found.window)
        remember(endpoint.base_url, settings.model_name, known)
    return found


@asynccontextmanager
async def _connected(endpoint: Endpoint) -> AsyncIterator[Connection]:
    connection = connect(endpoint.base_url, endpoint.key_variable or "", 4)
    try:
        yield connection
    finally:
        await connection.close()


class _Examiner:
    """Asks one endpoint a few short questions."""

    def __init__(
        self, settings: Settings, entry: ProviderEntry, endpoint: Endpoint, connection: Connection
    ) -> None:
        self._model = settings.model_name
        self._limit = entry.max_tokens_parameter
        self._endpoint = endpoint
        self._connection = connection
        self._window = card_of(settings, entry).window

    async def examine(self) -> Findings:
        """Return all findings; where a plain question gets no answer, only why."""
        plain = Findings(self._endpoint.base_url, self._model, window=await self._told_window())
        try:
            await self._ask(_question("Say OK."), "prompt")
        except EndpointTrouble as error:
            return self._unusable(plain, error)
        works = await asyncio.gather(*map(self._answers_in, _STRUCTURED))
        return replace(
            plain,
            reachable=True,
            key_accepted=True,
            model_known=True,
            structured=tuple(way for way, good in zip(_STRUCTURED, works, strict=True) if good),
            images=await self._sees(),
        )

    def _unusable(self, plain: Findings, error: EndpointTrouble) -> Findings:
        trouble = error.trouble
        reason = trouble.reason
        unasked = reason is FailureReason.AUTHENTICATION and not trouble.status
        return replace(
            plain,
            reachable=None if unasked else trouble.status > 0 or reason is not FailureReason.CONNECTION,
            key_accepted=False if reason is FailureReason.AUTHENTICATION else None,
            model_known=False if reason is FailureReason.NO_SUCH_MODEL else None,
            problem=trouble.detail,
            advice=trouble.advice.format(key_variable=self._endpoint.key_variable)
            or "see that the server runs and that the base URL is right",
        )

    async def _answers_in(self, structured: Structured) -> bool:
        question = replace(_question("What is 17 plus 25? Answer in JSON: total."), answer_schema=_Sum)
        try:
            answered = await self._ask(question, structured)
        except EndpointTrouble:
            return False
        return read_answer(split_thinking(answered.exchange.content).text, _Sum).answer is not None

    async def _sees(self) -> bool | None:
        message = Message("user", "Which colour is this?", images=(Image("image/png", _RED_DOT),))
        try:
            await self._ask(replace(_question(""), messages=(message,)), "prompt")
        except EndpointTrouble as error:
            return None if error.trouble.transient else False
        return True

    async def _ask(self, question: Request, structured: Structured) -> Answered:
        dialects = Dialects(Dialect(structured, self._limit), fixed=True, remembered={})
        asker = Asker(self._endpoint.base_url, self._connection, dialects, {}, Price(), _TIMEOUT_S)
        sampling = Sampling(self._model, temperature=0.0, max_output_tokens=_TOKENS)
        turn = replace(question, sampling=sampling)
        while True:
            try:
                return await asker.ask(turn, turn.id, 0)
            except EndpointTrouble as error:
                if not error.trouble.unsupported:  # else the asker has learnt another way
                    raise

    async def _told_window(self) -> int | None:
        """Return the context window that the list of models tells, else the preset's."""
        try:
            response = await self._connection.get("models", _TIMEOUT_S)
            listed = orjson.loads(response.body)
        except (EndpointTrouble, orjson.JSONDecodeError):
            return self._window
        entries = listed.get("data", []) if isinstance(listed, dict) else listed
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("id") == self._model:
                told = (
                    entry.get("max_model_len") or entry.get("context_length") or entry.get("context_window")
                )
                return int(told) if told else self._window
        return self._window


def _question(text: str) -> Request:
    return Request("doctor", (Message("user", text),), Sampling(""))
