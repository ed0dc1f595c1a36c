"""Where a model answers."""

from pydantic import Field

from schemas.settings.addresses import BaseUrl
from schemas.strict import Section


class Endpoint(Section):
    """One of several endpoints that serve the same model."""

    base_url: BaseUrl = Field(description="where it answers")
    weight: float = Field(default=1.0, gt=0, description="its share of the requests, beside the others'")
    key_variable: str | None = Field(default=None, description="the environment variable that holds its key")
    concurrency: int | None = Field(
        default=None, ge=1, description="requests at once, at most; llm.concurrency"
    )
    requests_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.requests_per_minute"
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.tokens_per_minute"
    )
