"""Examines all endpoints that the settings of a run would use, side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import orjson

from pipeline.judging.rewards import rewards_from
from pipeline.llms.doctor.chat import examine_chat
from pipeline.llms.doctor.findings import Findings, answering, begun, unusable
from pipeline.llms.doctor.targets import Target, targets_of
from pipeline.llms.embeddings.wire import EmbeddingAsker, vector_in, vectors_request
from pipeline.llms.rewards.wire import GREETING, RewardAsker
from pipeline.llms.wire.connection import Connection, EndpointTrouble, connect
from schemas.contracts import Price
from schemas.requests import Request, Sampling
from schemas.settings import Settings

_TIMEOUT_S = 60.0
_CONNECTIONS = 4


async def examine_all(settings: Settings, *, judges: bool) -> tuple[Findings, ...]:
    """Return what each endpoint can do; none where the settings use none.

    Raises:
        UnknownName: there is no such provider.
        SettingsError: nothing says where a model is served.
    """
    return tuple(await asyncio.gather(*map(_examined, targets_of(settings, judges=judges))))


async def _examined(target: Target) -> Findings:
    async with _connected(target) as connection:
        if target.kind == "chat":
            return await examine_chat(target, connection)
        try:
            return await (_rated if target.kind == "reward" else _embedded)(target, connection)
        except EndpointTrouble as error:
            return unusable(begun(target), error.trouble, target)


async def _embedded(target: Target, connection: Connection) -> Findings:
    """Return what a model made of a short text."""
    asker = EmbeddingAsker(target.endpoint.base_url, connection, Price(), _TIMEOUT_S)
    turn = vectors_request(("OK",), target.settings.model_name)
    exchange = (await asker.ask(turn, turn.id, 0)).exchange
    counts = exchange.usage.prompt_tokens > 0
    gives = f"vectors of {vector_in(exchange.parts[0]).size}"
    return replace(answering(begun(target)), gives=gives, counts=counts)


async def _rated(target: Target, connection: Connection) -> Findings:
    """Return which numbers a reward model gave a short answer, and what is wrong with them."""
    judge = target.settings.judge
    asker = RewardAsker(target.endpoint.base_url, connection, Price(), _TIMEOUT_S)
    shape = rewards_from(judge.route, as_logits=judge.scale != "probability")
    turn = Request("doctor", GREETING, Sampling(target.settings.model_name), shape)
    exchange = (await asker.ask(turn, turn.id, 0)).exchange
    said = orjson.loads(exchange.content)
    count = len(said["values"])
    problem = said["problem"]
    if not problem and judge.label is None and count != 1:
        problem = f"it gives {count} numbers"
    if not problem and judge.label is not None and judge.label >= count:
        problem = f"it gives {count} numbers, and judge.label is {judge.label}"
    advice = "set judge.label to the one that counts, from 0, or another judge.route" if problem else ""
    found = answering(begun(target))
    gives = f"{count} number{'s' if count != 1 else ''} from /{judge.route}"
    counts = exchange.usage.prompt_tokens > 0
    return replace(found, gives=gives, counts=counts, problem=problem, advice=advice)


@asynccontextmanager
async def _connected(target: Target) -> AsyncIterator[Connection]:
    base_url = target.endpoint.base_url
    if target.kind == "reward":  # its routes stand above /v1
        base_url = base_url.rstrip("/").removesuffix("/v1")
    connection = connect(base_url, target.endpoint.key_variable or "", _CONNECTIONS)
    try:
        yield connection
    finally:
        await connection.close()
