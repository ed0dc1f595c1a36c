"""Which samples are chosen."""

from typing import Literal

from pydantic import Field

from schemas.strict import Section


class SelectSettings(Section):
    """Which of the surviving samples go into the dataset."""

    min_score: float = Field(default=0.0, ge=0, le=1, description="samples with a lower score stay out")
    top_share: float | None = Field(default=None, gt=0, le=1, description="keep this share, the best; all")
    near_duplicates: bool = Field(
        default=True, description="drop what another sample says almost word by word"
    )
    diversity: bool = Field(
        default=True, description="spread the choice where fewer are wanted than there are"
    )
    balance: tuple[Literal["document", "section", "kind", "difficulty", "language"], ...] = Field(
        default=(), description="what the choice gives equal shares to, where fewer are wanted than there are"
    )
