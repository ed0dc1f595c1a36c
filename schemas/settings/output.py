"""How the dataset is written."""

from typing import Literal

from pydantic import Field

from schemas.strict import Section


class OutputSettings(Section):
    """How the dataset is written."""

    provenance: bool = Field(default=True, description="columns that say where each row comes from")
    reasoning: Literal["answer", "think", "field", "drop"] = Field(
        default="field",
        description="where worked reasoning goes: before the answer, in <think> tags, a column",
    )
    images: Literal["embed", "files"] = Field(
        default="embed",
        description="where pictures go: into Parquet rows, or into files, as beside JSON lines",
    )
    system_prompt: str | None = Field(default=None, description="a system turn for every chat without one")
    implicit_prompt: bool = Field(
        default=False, description="preference rows repeat the prompt in both conversations"
    )
    chat_template: str | None = Field(
        default=None, description="a file or tokenizer name to render chats with"
    )
    compression: Literal["none", "gzip", "zstd"] = Field(default="none", description="of JSON lines")
    max_shard_mb: int = Field(default=256, ge=1, description="of one file of the dataset")
    custom: dict[str, str] = Field(default={}, description="columns of the custom format: name to template")
    license: str = Field(default="other", description="the dataset's licence, for its card")
    name: str | None = Field(default=None, description="the dataset's name on its card")
