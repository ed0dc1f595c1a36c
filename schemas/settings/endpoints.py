"""Where a model answers."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from schemas.settings.addresses import BaseUrl
from schemas.strict import Section


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
        raise ValueError("must be the name of an environment variable, in capitals, and not the key itself")
    return name


KeyVariable = Annotated[str, AfterValidator(_variable)]


class Endpoint(Section):
    """One of several endpoints that serve the same model."""

    base_url: BaseUrl = Field(description="where it answers")
    weight: float = Field(default=1.0, gt=0, description="its share of the requests, beside the others'")
    key_variable: KeyVariable | None = Field(
        default=None, description="the environment variable that holds its key"
    )
    concurrency: int | None = Field(
        default=None, ge=1, description="requests at once, at most; llm.concurrency"
    )
    requests_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.requests_per_minute"
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.tokens_per_minute"
    )
