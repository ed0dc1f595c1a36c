"""How a model is asked."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from schemas.settings.endpoints import Endpoint
from schemas.settings.prices import ChatPriceSettings
from schemas.strict import Section

_KEYS = ("api_key", "apikey", "api-key", "authorization", "access_token", "secret", "password")


def _without_keys(body: dict[str, JsonValue]) -> dict[str, JsonValue]:
    for name in body:
        if name.lower() in _KEYS:
            raise ValueError(f"holds '{name}', which would be written down; keys come from the environment")
    return body


class LLMSettings(Section):
    """How a model is asked."""

    temperature: float | None = Field(
        default=0.7, ge=0, le=2, description="0 answers the same each time; none sends no temperature"
    )
    top_p: float | None = Field(default=None, gt=0, le=1, description="nucleus sampling; the endpoint's own")
    max_output_tokens: int = Field(default=4096, ge=16, description="of one answer; longer ones are cut off")
    concurrency: int = Field(default=32, ge=1, description="requests at once, at most")
    adaptive: bool = Field(default=True, description="find the right number of requests at once by itself")
    requests_per_minute: int | None = Field(default=None, ge=1, description="at most; no limit")
    tokens_per_minute: int | None = Field(default=None, ge=1, description="at most; no limit")
    timeout_s: float = Field(default=120.0, gt=0, description="for a short prompt; it grows with the prompt")
    max_attempts: int = Field(default=6, ge=1, description="tries of one request before it is a failure")
    outage_s: float = Field(
        default=600.0, ge=0, description="how long an endpoint may be down before the run stops"
    )
    window: int | None = Field(default=None, ge=256, description="the model's context window, in tokens")
    structured: Literal["auto", "json_schema", "json_object", "prompt"] = Field(
        default="auto", description="how JSON is asked for; auto tries one after the other"
    )
    price: ChatPriceSettings | None = Field(default=None, description="the model's; the preset's")
    endpoints: tuple[Endpoint, ...] = Field(
        default=(), description="several that serve the model side by side; base_url goes before them"
    )
    extra_body: Annotated[dict[str, JsonValue], AfterValidator(_without_keys)] = Field(
        default={}, description="sent with every request as it is"
    )
    batch: bool = Field(default=False, description="use the endpoint's batch API")
    batch_requests: int = Field(default=10_000, ge=1, description="how many requests a batch holds at most")
    batch_s: float = Field(
        default=100_000.0, gt=0, description="how long a batch may take before the run stops waiting for it"
    )
    part_s: float = Field(
        default=5.0, gt=0, description="how often a run on an object store writes its replies there"
    )
    shared_cache: Path | None = Field(default=None, description="a folder of replies that runs share")
