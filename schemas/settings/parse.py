"""How sources are read."""

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from schemas.strict import Section


class ParseSettings(Section):
    """How sources are read, and what one file may cost. Limits hold for each child process."""

    passwords: SkipJsonSchema[tuple[str, ...]] = Field(
        default=(), repr=False, exclude=True, description="for encrypted documents; kept out of runs and logs"
    )
    comments: bool = Field(default=False, description="read a document's review comments too")
    text_field: str = Field(default="text", description="where a JSON record holds its text")
    transcribe: bool = Field(default=False, description="have the model read pages that have no text layer")
    workers: int | None = Field(default=None, ge=1, description="child processes; one per core")
    memory_mb: int = Field(default=1536, ge=128, description="for one child process")
    timeout_s: float = Field(
        default=60.0,
        gt=0,
        description="CPU time for one file, and the longest that its parser may do nothing",
    )
    max_file_mb: int = Field(default=256, ge=1, description="larger files are refused")
    max_output_mb: int = Field(default=256, ge=1, description="files that hold more text are refused")
    allow_private_addresses: bool = Field(default=False, description="fetch from private networks too")
