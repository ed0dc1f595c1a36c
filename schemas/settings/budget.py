"""What a run may spend."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from schemas.strict import Section


class BudgetSettings(Section):
    """What a run may spend at most. None is no limit."""

    usd: float | None = Field(default=None, ge=0, description="US dollars; the model's price must be known")
    tokens: int | None = Field(default=None, ge=0, description="sent and answered together")
    requests: int | None = Field(default=None, ge=0, description="answered, without retries")


def _budget(value: object) -> object:
    """Read `5`, `5usd`, `200000 tokens` and `1000 requests`; a bare number is dollars."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return value
    text = str(value).strip().lower().lstrip("$").replace("_", "")
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ").strip()
    unit = text[len(number) :].strip() or "usd"
    names = {
        "usd": "usd",
        "token": "tokens",
        "tokens": "tokens",
        "request": "requests",
        "requests": "requests",
    }
    if unit not in names:
        raise ValueError("must look like 5, 5usd, 200000tokens or 1000requests")
    return {names[unit]: number}


Budget = Annotated[
    BudgetSettings, BeforeValidator(_budget, json_schema_input_type=BudgetSettings | str | float)
]
