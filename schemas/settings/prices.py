"""What a model costs."""

from pydantic import Field

from schemas.strict import Section


class PriceSettings(Section):
    """US dollars per million tokens, before the preset's. Without `cached`, cached tokens cost as others."""

    prompt: float = Field(ge=0, description="of tokens sent")
    cached: float | None = Field(
        default=None, ge=0, description="of tokens sent that the endpoint had cached"
    )
    completion: float = Field(default=0.0, ge=0, description="of tokens answered")


class ChatPriceSettings(PriceSettings):
    """A price of both parts: with one alone, a budget in dollars would not hold."""

    completion: float = Field(ge=0, description="of tokens answered")
