"""The body of a chat completion request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import orjson
from pydantic import BaseModel, JsonValue

from schemas.requests import Message, Request, is_long, schema_json

Structured = Literal["json_schema", "json_object", "prompt"]
MaxTokensParameter = Literal["max_tokens", "max_completion_tokens"]
Body = tuple[bytes, ...]  # one after the other


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint wants to hear. `structured` is how it is made to answer in JSON.

    `left_out` are parameters of sampling that it does not take: reasoning models take no temperature.
    """

    structured: Structured = "json_schema"
    max_tokens_parameter: MaxTokensParameter = "max_completion_tokens"
    left_out: tuple[str, ...] = ()


def body_of(request: Request, dialect: Dialect, extra: Mapping[str, JsonValue]) -> Body:
    """Return the JSON body that asks `request`. The shared start of a prefix group keeps its bytes.

    What long messages before the last become is rendered once and held once, for all requests in flight.
    """
    fields = body_fields(request, dialect, extra)
    if not any(is_long(message) for message in request.messages[:-1]) or "messages" in extra:
        return (orjson.dumps(fields),)
    *before, last = fields.pop("messages")
    shared = tuple(part for message in request.messages[: len(before)] for part in _part(message))
    rest = orjson.dumps(fields)
    return (b'{"messages":[', *shared, orjson.dumps(last) + b"]," + rest[1:])


def _part(message: Message) -> tuple[bytes, bytes]:
    return (_kept(message) if is_long(message) else orjson.dumps(_turn(message))), b","


@lru_cache(maxsize=4)  # as many as the documents that are shown whole side by side
def _kept(message: Message) -> bytes:
    return orjson.dumps(_turn(message))


def body_fields(request: Request, dialect: Dialect, extra: Mapping[str, JsonValue]) -> dict[str, Any]:
    """Return the fields of that body."""
    sampling = request.sampling
    schema = request.answer_schema
    messages = request.messages
    if schema is not None and dialect.structured != "json_schema":
        messages = _with_schema(messages, schema)
    body: dict[str, Any] = {"model": sampling.model, "messages": [_turn(message) for message in messages]}
    optional = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": sampling.seed,
        dialect.max_tokens_parameter: sampling.max_output_tokens,
        "response_format": response_format(schema, dialect.structured) if schema else None,
    }
    body.update(
        (name, value)
        for name, value in optional.items()
        if value is not None and name not in dialect.left_out
    )
    body.update(extra)
    return body


def response_format(schema: type[BaseModel], structured: Structured) -> object:
    """Return the value of `response_format`, None where the prompt alone asks for JSON."""
    if structured == "json_schema":
        return {"type": "json_schema", "json_schema": _named_schema(schema)}
    return {"type": "json_object"} if structured == "json_object" else None


@lru_cache(maxsize=256)
def _named_schema(schema: type[BaseModel]) -> orjson.Fragment:
    strict = _strict(orjson.loads(schema_json(schema)))
    return orjson.Fragment(orjson.dumps({"name": schema.__name__, "schema": strict, "strict": True}))


def _strict(node: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a schema as strict servers want it: all properties required, none added, no defaults."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return {key: _strict(value) for key, value in node.items() if key not in ("default", "title")}
    inner = {name: _strict(value) for name, value in properties.items()}
    rest = {k: _strict(v) for k, v in node.items() if k not in ("default", "title", "properties")}
    return {**rest, "properties": inner, "required": list(properties), "additionalProperties": False}


def _with_schema(messages: tuple[Message, ...], schema: type[BaseModel]) -> tuple[Message, ...]:
    """Return the turns with the schema at the end of the last one, so that a shared start stays as it is."""
    last = messages[-1]
    wanted = (
        "Answer with one JSON value and nothing else: no prose, no fences. "
        f"It must fit this JSON Schema:\n{schema_json(schema).decode()}"
    )
    return (*messages[:-1], replace(last, content=f"{last.content}\n\n{wanted}"))


def _turn(message: Message) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": _content(message)}
    if message.tool_calls:
        turn["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def _content(message: Message) -> object:
    if not message.images:
        return message.content
    pictures = [{"type": "image_url", "image_url": {"url": image.data_url}} for image in message.images]
    return [*pictures, {"type": "text", "text": message.content}]
