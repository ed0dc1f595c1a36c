"""How a run is cut into partitions."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from schemas.strict import Section


class PartitionSettings(Section):
    """A run cut into partitions, which workers of a Prefect server make. It changes no row."""

    at_once: int | None = Field(
        default=None, ge=1, description="partitions at work at once, each with its share of all limits"
    )
    documents: int = Field(default=100, ge=1, description="in each of the first partitions; later ones grow")
    deployment: str | None = Field(
        default=None,
        description="flow/name of the deployment whose workers make them; made when none is named",
    )
    lost_after_s: float = Field(
        default=60.0, ge=1, description="silence after which a partition is given away"
    )


def _partitions(value: object) -> object:
    """Read a bare number as how many are at work at once."""
    return {"at_once": value} if isinstance(value, int | str) else value


Partitions = Annotated[
    PartitionSettings, BeforeValidator(_partitions, json_schema_input_type=PartitionSettings | int)
]
