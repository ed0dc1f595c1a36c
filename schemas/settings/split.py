"""How the dataset is split."""

from typing import Self

from pydantic import Field, model_validator

from schemas.strict import Section


class SplitSettings(Section):
    """Shares of the dataset. A document's rows, and near-duplicates, never part."""

    train: float = Field(default=0.9, ge=0, le=1, description="its share; the three add up to 1")
    validation: float = Field(default=0.05, ge=0, le=1, description="its share")
    test: float = Field(default=0.05, ge=0, le=1, description="its share")

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if abs(self.train + self.validation + self.test - 1.0) > 1e-6:
            raise ValueError("train, validation and test must add up to 1")
        return self
