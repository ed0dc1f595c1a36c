"""Which model turns texts into vectors."""

from pydantic import Field

from schemas.settings.addresses import BaseUrl
from schemas.settings.prices import PriceSettings
from schemas.strict import Section


class EmbeddingSettings(Section):
    """The model that turns texts into vectors, so that what means the same is found. None: nothing is."""

    model: str | None = Field(default=None, description="provider/model of an OpenAI-compatible /embeddings")
    base_url: BaseUrl | None = Field(default=None, description="its endpoint; the provider's own")
    batch: int = Field(default=32, ge=1, le=2048, description="texts in one request")
    max_tokens: int = Field(
        default=512, ge=16, description="longer texts are cut, at four characters a token"
    )
    concurrency: int = Field(default=8, ge=1, description="requests at once, at most")
    price: PriceSettings | None = Field(default=None, description="the model's; nothing is counted")
    same_above: float = Field(
        default=0.9, gt=0, le=1, description="samples whose vectors' cosine is at least this mean the same"
    )
