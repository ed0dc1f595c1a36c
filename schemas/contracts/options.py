"""What a plug-in's own options are."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """The strict, frozen base of every plug-in's own options."""

    model_config = ConfigDict(extra="forbid", frozen=True)
