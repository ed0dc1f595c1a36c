"""What is asked of a model, and what comes back."""

import base64
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import orjson
from pydantic import BaseModel

from schemas.documents import Passage

Role = Literal["system", "user", "assistant", "tool"]
_LONG_CHARACTERS = 64 << 10


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded picture, as it is sent to a model or stored beside a row."""

    media_type: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The picture's content address."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def data_url(self) -> str:
        """The picture as a `data:` address."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool by the assistant. `arguments` is JSON text, as models write it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat. `tool_call_id` names the call that a `tool` turn answers."""

    role: Role
    content: str
    images: tuple[Image, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is asked. `None` leaves a value to the endpoint's own default."""

    model: str
    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    `messages`, `answer_schema` and `sampling` decide the reply, and `id` is their hash; the rest says
    where the request comes from. Requests with the same `prefix_group` start with the same messages,
    byte for byte. `count` is how many items are asked for, `answer_tokens` how long the answer is expected to
    be, for an estimate; None leaves that to what most answers take.
    """

    recipe: str
    messages: tuple[Message, ...]
    sampling: Sampling
    answer_schema: type[BaseModel] | None = None
    passages: tuple[Passage, ...] = ()
    prefix_group: str | None = None
    count: int = 1
    answer_tokens: int | None = None

    @property
    def id(self) -> str:
        """The hash of everything that decides the reply: 32 hexadecimal digits."""
        return request_id(self.messages, self.answer_schema, self.sampling)


def request_id(
    messages: tuple[Message, ...], answer_schema: type[BaseModel] | None, sampling: Sampling
) -> str:
    """Return the content address of a request."""
    asked = {
        "sampling": sampling,
        "schema": schema_json(answer_schema).decode() if answer_schema else None,
    }
    if not any(is_long(message) for message in messages[:-1]):
        return hashlib.sha256(_canonical({"messages": messages, **asked})).hexdigest()[:32]
    digest = _digest_of_start(messages[:-1]).copy()
    digest.update(_canonical(messages[-1]))
    digest.update(b"]," + _canonical(asked)[1:])
    return digest.hexdigest()[:32]


def is_long(message: Message) -> bool:
    """Return whether a message is so long that many requests should not each render it for themselves."""
    return len(message.content) > _LONG_CHARACTERS


@lru_cache(maxsize=8)
def _digest_of_start(messages: tuple[Message, ...]) -> "hashlib._Hash":
    """Return the hash of a chat's canonical JSON up to its last message, to be gone on with."""
    digest = hashlib.sha256(b'{"messages":[')
    for message in messages:
        digest.update(_canonical(message))
        digest.update(b",")
    return digest


def _canonical(value: object) -> bytes:
    return orjson.dumps(value, default=_digest_bytes, option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=256)
def schema_json(answer_schema: type[BaseModel]) -> bytes:
    """Return the JSON schema of a reply, as canonical JSON."""
    return orjson.dumps(answer_schema.model_json_schema(), option=orjson.OPT_SORT_KEYS)


def _digest_bytes(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(type(value).__name__)


class FinishReason(StrEnum):
    """Why a model stopped, in the words of the OpenAI protocol."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    TOOL_CALLS = "tool_calls"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and money. `cached_tokens` are the part of `prompt_tokens` read from a prefix cache."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    requests: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost_usd + other.cost_usd,
            self.requests + other.requests,
        )

    def __mul__(self, times: float) -> "Usage":
        return Usage(
            round(self.prompt_tokens * times),
            round(self.cached_tokens * times),
            round(self.completion_tokens * times),
            self.cost_usd * times,
            round(self.requests * times),
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole, validated answer.

    `text` is what the model said without its thinking, which is `thinking`; `answer` is `text` read
    into the request's schema, None where it asked for prose. `repaired` marks a reply whose JSON had to
    be mended; `cached` one that came from the journal and cost nothing now.
    """

    request_id: str
    text: str
    model: str
    answer: BaseModel | None = None
    thinking: str = ""
    finish_reason: FinishReason = FinishReason.STOP
    usage: Usage = Usage()
    repaired: bool = False
    cached: bool = False


class FailureReason(StrEnum):
    """Why a request has no reply. The first two stop a run."""

    AUTHENTICATION = "authentication"
    NO_SUCH_MODEL = "no_such_model"
    CONTEXT_TOO_LONG = "context_too_long"
    REFUSED = "refused"
    RATE_LIMIT = "rate_limit"
    OVERLOAD = "overload"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    BAD_REQUEST = "bad_request"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    BUDGET = "budget"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Failure:
    """The typed end of a request that got no usable answer. `usage` is what it cost all the same."""

    request_id: str
    reason: FailureReason
    detail: str = ""
    usage: Usage = Usage()
    cached: bool = False


Completion = Reply | Failure
