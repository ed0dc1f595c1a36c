"""What is asked of a model that chats: a few short questions."""

import asyncio
import base64
from dataclasses import replace

import orjson
from pydantic import BaseModel, ConfigDict

from pipeline.llms.doctor.findings import Findings, answering, begun, unusable
from pipeline.llms.doctor.lists import has_batches, listed_model, own_window
from pipeline.llms.doctor.targets import Target
from pipeline.llms.endpoints import card_of
from pipeline.llms.reading.answer import read_answer
from pipeline.llms.reading.thinking import split_thinking
from pipeline.llms.wire.asking import CHATS, Answered, Asker
from pipeline.llms.wire.body import Dialect, Structured, body_of
from pipeline.llms.wire.connection import Connection, EndpointTrouble, Response
from pipeline.llms.wire.dialects import Dialects, Known, remember
from pipeline.llms.wire.exchange import cached_in, usage_from
from pipeline.llms.wire.headers import Limited, headroom
from schemas.contracts import Price
from schemas.requests import FailureReason, Image, Message, Request, Sampling

_TIMEOUT_S = 60.0
_TOKENS = 512  # enough for a model that thinks first
_STRUCTURED: tuple[Structured, ...] = ("json_schema", "json_object", "prompt")
_LIMITED: tuple[Limited, ...] = ("requests", "tokens")
_RED_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
)


class _Sum(BaseModel):
    model_config = ConfigDict(extra="forbid")

    total: int


async def examine_chat(target: Target, connection: Connection) -> Findings:
    """Return what a model that chats can do, and remember how it is asked for later runs."""
    examiner = _Examiner(target, connection)
    found = await examiner.examine()
    if found.structured:
        dialect = replace(examiner.dialect, structured=found.structured[0])
        known = Known(dialect=dialect, images=found.images, window=found.window)
        remember(target.endpoint.base_url, target.settings.model_name, known)
    return found


class _Examiner:
    """Asks one model a few short questions. `dialect` is how it wants to be asked, as far as is known."""

    def __init__(self, target: Target, connection: Connection) -> None:
        self.dialect = Dialect("prompt", target.entry.max_tokens_parameter)
        self._target, self._connection = target, connection
        self._model, self._url = target.settings.model_name, target.endpoint.base_url

    async def examine(self) -> Findings:
        """Return all findings; where a plain question gets no answer, only why."""
        listed = await listed_model(self._connection, self._model)
        found = replace(begun(self._target), window=listed.window)
        try:
            await self._ask(_question("Say OK."), "prompt")
        except EndpointTrouble as error:
            found = unusable(found, error.trouble, self._target)
            if listed.near and error.trouble.reason is FailureReason.NO_SUCH_MODEL:
                return replace(found, advice=f"{found.advice}; there is {', '.join(listed.near)}")
            return found
        works = await asyncio.gather(*map(self._answers_in, _STRUCTURED))
        found = replace(
            answering(found),
            structured=tuple(way for way, good in zip(_STRUCTURED, works, strict=True) if good),
            images=await self._sees(),
            batches=await has_batches(self._connection),
            window=await self._window(listed.window),
        )
        found = _needed(await self._counted(found), self._target)
        ends = (f"it is served until {listed.ends}",) if listed.ends else ()
        return replace(found, notes=(*found.notes, *ends))

    async def _window(self, listed: int | None) -> int | None:
        card = card_of(self._target.settings, self._target.entry)
        return listed or card.window or await own_window(self._target.endpoint, self._model)

    async def _counted(self, found: Findings) -> Findings:
        """Return findings with what a reply tells of its tokens, and its headers of limits."""
        turn = self._turn(_question("Say OK."))
        try:
            response = await self._connection.post(CHATS, body_of(turn, self.dialect, {}), _TIMEOUT_S)
            said = orjson.loads(response.body)
        except (EndpointTrouble, orjson.JSONDecodeError):
            return found
        counts = usage_from(said, Price()) is not None
        return replace(found, counts=counts, counts_cached=cached_in(said) is not None, left=_left(response))

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
        start = replace(self.dialect, structured=structured)
        dialects = Dialects(start, fixed=True, remembered={})
        asker = Asker(self._url, self._connection, dialects, {}, Price(), _TIMEOUT_S)
        turn = self._turn(question)
        while True:
            try:
                answered = await asker.ask(turn, turn.id, 0)
            except EndpointTrouble as error:
                if not error.trouble.unsupported:  # else the asker has learnt another way
                    raise
            else:
                self.dialect = replace(dialects.of(self._url, self._model), structured="prompt")
                return answered

    def _turn(self, question: Request) -> Request:
        return replace(question, sampling=Sampling(self._model, temperature=0.0, max_output_tokens=_TOKENS))


def _needed(found: Findings, target: Target) -> Findings:
    """Return findings with what the settings want of the model and it cannot do."""
    settings = target.settings
    notes = []
    if settings.llm.batch and found.batches is False:
        notes.append("there is no batch API: with --batch, requests are sent one by one, at the full price")
    if not found.structured:
        notes.append("it answered in JSON in no way: replies may be unreadable")
    if found.counts is False:
        notes.append("replies tell no tokens: they are estimated, and so is what a budget counts")
    if found.window is None:
        notes.append("its window is not told: llm.window names it, so that documents are cut to fit")
    found = replace(found, notes=tuple(notes))
    if settings.parse.transcribe and found.images is False and "writes" in target.uses:
        advice = "name a model that sees, or leave --transcribe out"
        return replace(found, problem="it takes no pictures, and shall read scanned pages", advice=advice)
    return found


def _left(response: Response) -> str:
    """Return what headers say is left of the endpoint's limits."""
    found = ((of, headroom(response.headers, of)) for of in _LIMITED)
    return ", ".join(f"{left.remaining:,.0f} {of}" for of, left in found if left is not None)


def _question(text: str) -> Request:
    return Request("doctor", (Message("user", text),), Sampling(""))
