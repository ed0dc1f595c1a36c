"""A provider of models: an endpoint as data, or an engine of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.requests import Completion, Request


class LLM(Protocol):
    """Answers requests."""

    async def complete(self, request: Request) -> Completion:
        """Return the reply, or the typed failure. Never raises for what an endpoint does."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    prompt: float = 0.0
    cached: float = 0.0
    completion: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model at a provider. `window` is in tokens, prompt and completion together."""

    name: str
    window: int | None = None
    price: Price = Price()


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider as data. `connect` builds an engine of its own kind, None means an OpenAI-compatible
    endpoint at `base_url`, whose key is in the environment variable `key_variable`. Its batch API costs the
    share `batch_price` of single requests."""

    summary: str
    base_url: str = ""
    key_variable: str = ""
    models: tuple[ModelCard, ...] = ()
    structured: tuple[Literal["json_schema", "json_object"], ...] = ("json_schema", "json_object")
    max_tokens_parameter: Literal["max_tokens", "max_completion_tokens"] = "max_completion_tokens"
    batch_price: float = 1.0
    connect: Callable[[str], LLM] | None = None
    is_language_model: bool = True
