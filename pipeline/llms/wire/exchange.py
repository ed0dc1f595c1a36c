"""What an endpoint said to one request, in the shape that the journal keeps."""

import json
from dataclasses import dataclass, field
from typing import Any

import orjson

from pipeline.llms.wire.clean import cleaned
from schemas.contracts import Price
from schemas.requests import FailureReason, FinishReason, Request, Usage


class BrokenBody(ValueError):
    """A successful response whose body is cut off or garbled, or that carries a server's error."""


class ForeignBody(ValueError):
    """A successful response of something that is no chat completions endpoint."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request's raw reply, or the refusal that would come again. `key` is `Request.id`.

    `error` is None for a reply. A reply is kept as it was said: it is read anew each time, so that a better
    reader makes more of a reply that was paid for once. `parts` are kept with it, all or none, each under a
    key of its own: the vectors of a batch, which then serve any other batch.
    """

    key: str
    recipe: str
    model: str
    content: str = ""
    thinking: str = ""
    finish_reason: FinishReason = FinishReason.STOP
    usage: Usage = field(default_factory=Usage)
    error: FailureReason | None = None
    detail: str = ""
    parts: tuple["Exchange", ...] = ()

    @classmethod
    def refusal(cls, request: Request, reason: FailureReason, detail: str) -> "Exchange":
        """Return the record of an endpoint's no to `request`, which cost nothing."""
        return cls(request.id, request.recipe, request.sampling.model, error=reason, detail=detail)


_FINISH = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "tool_calls": FinishReason.TOOL_CALLS,
}


def exchange_from(body: bytes, request: Request, key: str, price: Price) -> Exchange:
    """Return what a chat completion's body says. `key` is `request.id`, hashed once already.

    Raises:
        BrokenBody: it is garbled, or holds an error or nothing.
        ForeignBody: it is not what a chat completions endpoint sends.
    """
    completion = object_in(body)
    choice = _first_choice(completion)
    message = choice["message"]
    refusal = message.get("refusal")
    finish = _FINISH.get(choice.get("finish_reason") or "stop", FinishReason.STOP)
    refused = bool(refusal) or finish is FinishReason.CONTENT_FILTER
    return Exchange(
        key=key,
        recipe=request.recipe,
        model=completion.get("model") or request.sampling.model,
        content=cleaned(_text(message.get("content"))),
        thinking=cleaned(_text(message.get("reasoning_content") or message.get("reasoning"))),
        finish_reason=finish,
        usage=usage_from(completion.get("usage"), price),
        error=FailureReason.REFUSED if refused else None,
        detail=cleaned(_text(refusal)) if refused else "",
    )


def usage_from(reported: object, price: Price) -> Usage:
    """Return the tokens that an endpoint reported, and what they cost."""
    usage = reported if isinstance(reported, dict) else {}
    details = usage.get("prompt_tokens_details")
    prompt = int(usage.get("prompt_tokens") or 0)
    cached = int((details or {}).get("cached_tokens") or 0)
    completion = int(usage.get("completion_tokens") or 0)
    cost = (prompt - cached) * price.prompt + cached * price.cached + completion * price.completion
    return Usage(prompt, cached, completion, cost / 1e6, 1)


def _first_choice(completion: dict[str, Any]) -> dict[str, Any]:
    choices = completion.get("choices")
    if isinstance(choices, list) and choices:
        choice = choices[0]
        if isinstance(choice, dict) and isinstance(choice.get("message"), dict):
            return choice
    if "choices" in completion or "error" in completion:
        raise BrokenBody(f"no answer in the response: {_short(completion.get('error') or 'no choice')}")
    raise ForeignBody("the response is no chat completion")


def object_in(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a body holds.

    Raises:
        BrokenBody: it is garbled.
        ForeignBody: it is something else.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = _lenient(body)
    if not isinstance(parsed, dict):
        raise ForeignBody("the response is JSON, but no chat completion")
    return parsed


def _lenient(body: bytes) -> object:
    """Read what strict JSON forbids and endpoints still send: lone surrogates and control characters."""
    try:
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except ValueError as error:
        if body.lstrip()[:1] == b"<":
            raise ForeignBody("it answers with a web page") from error
        raise BrokenBody("the response is cut off or garbled") from error


def _short(error: object) -> str:
    words = " ".join(str(error.get("message") if isinstance(error, dict) else error).split())
    return words if len(words) <= 200 else f"{words[:197]}..."


def _text(content: object) -> str:
    """Return a message's text, be it a string or a list of parts."""
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
