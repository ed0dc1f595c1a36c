"""What an endpoint said to one request, in the shape that the journal keeps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import orjson

from pipeline.llms.wire.clean import cleaned
from pipeline.tokens import TokenEstimate
from schemas.contracts import Price
from schemas.requests import FailureReason, FinishReason, Request, Usage


class BrokenBody(ValueError):
    """A successful response whose body is cut off or garbled, or of an answer that broke off."""


class ForeignBody(ValueError):
    """A successful response of something that is no chat completions endpoint."""


class ErrorBody(ValueError):
    """A successful response that holds an error where the answer should be. `said` is its JSON."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        super().__init__("an error in the place of an answer")


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
    "model_length": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "safety": FinishReason.CONTENT_FILTER,
    "tool_calls": FinishReason.TOOL_CALLS,
}
# What servers say of an answer that they broke off: OpenRouter, vLLM and SGLang, DeepSeek.
_BROKEN_OFF = ("error", "abort", "cancelled", "insufficient_system_resource")
# Where cached tokens stand beside `prompt_tokens_details`: Together and Moonshot, DeepSeek, Anthropic.
_CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
_MOST_TOKENS = 1e9  # more is no count


def exchange_from(body: bytes, request: Request, key: str, price: Price) -> Exchange:
    """Return what a chat completion's body says. `key` is `request.id`, hashed once already.

    Raises:
        BrokenBody: it is garbled, or holds nothing, or an answer that broke off.
        ErrorBody: it holds an error.
        ForeignBody: it is not what a chat completions endpoint sends.
    """
    completion = object_in(body)
    choice = _first_choice(completion)
    message = choice["message"]
    refusal = message.get("refusal")
    finish = _finish(choice.get("finish_reason"))
    refused = bool(refusal) or finish is FinishReason.CONTENT_FILTER
    model = completion.get("model")
    content = cleaned(_text(message.get("content")))
    thinking = cleaned(_text(message.get("reasoning_content") or message.get("reasoning")))
    return Exchange(
        key=key,
        recipe=request.recipe,
        model=model if model and isinstance(model, str) else request.sampling.model,
        content=content,
        thinking=thinking,
        finish_reason=finish,
        usage=usage_from(completion, price) or _estimated(request, content + thinking, price),
        error=FailureReason.REFUSED if refused else None,
        detail=cleaned(_text(refusal)) if refused else "",
    )


def usage_from(said: Mapping[str, Any], price: Price) -> Usage | None:
    """Return the tokens that a response reports, and what they cost; None where it reports none."""
    usage = _mapping(said.get("usage"))
    prompt = _count(usage.get("prompt_tokens"))
    completion = _count(usage.get("completion_tokens"))
    if prompt is None or (completion is None and "completion_tokens" in usage):
        return None
    return _priced(prompt, min(cached_in(said) or 0, prompt), completion or 0, price)


def cached_in(said: Mapping[str, Any]) -> int | None:
    """Return how many tokens of the prompt were cached, None where a response does not say."""
    usage = _mapping(said.get("usage"))
    told = (
        _mapping(usage.get("prompt_tokens_details")).get("cached_tokens"),
        *(usage.get(name) for name in _CACHED),
        _mapping(said.get("timings")).get("cache_n"),  # llama.cpp before February 2026
    )
    return max((count for each in told if (count := _count(each)) is not None), default=None)


def _estimated(request: Request, answer: str, price: Price) -> Usage:
    """Return what an answer took by its length: a cap on tokens or dollars must hold all the same."""
    estimate = TokenEstimate()
    return _priced(estimate.count_messages(request.messages), 0, estimate.count(answer), price)


def _priced(prompt: int, cached: int, completion: int, price: Price) -> Usage:
    cost = (prompt - cached) * price.prompt + cached * price.cached + completion * price.completion
    return Usage(prompt, cached, completion, cost / 1e6, 1)


def _count(told: object) -> int | None:
    """Return a number of tokens, None for anything else."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not isfinite(told):
        return None
    return int(told) if 0 <= told < _MOST_TOKENS else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _finish(told: object) -> FinishReason:
    """Return why an answer ended; a word that nobody knows is as good as none."""
    word = told.lower() if isinstance(told, str) else ""
    if word in _BROKEN_OFF:
        raise BrokenBody(f"the answer broke off: finish_reason {word}")
    return _FINISH.get(word, FinishReason.STOP)


def _first_choice(completion: dict[str, Any]) -> dict[str, Any]:
    choices = completion.get("choices")
    choice = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
    for said in (choice, completion):
        if said.get("error") and not _mapping(choice.get("message")).get("content"):
            raise ErrorBody(said)
    if isinstance(choice.get("message"), dict):
        return dict(choice)
    if "choices" in completion or "error" in completion:
        raise BrokenBody("no answer in the response")
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


def _text(content: object) -> str:
    """Return a message's text, be it a string or a list of parts."""
    if isinstance(content, list):
        texts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""
