"""How documents are cut."""

from pathlib import Path

from pydantic import Field

from schemas.strict import Section


class PassageSettings(Section):
    """How documents are cut. Sizes are in tokens."""

    max_tokens: int = Field(default=1200, ge=50, description="the largest passage in chunk mode")
    overlap_tokens: int = Field(default=0, ge=0, description="what a passage repeats of the one before it")
    reserve_tokens: int = Field(
        default=8000, ge=0, description="kept free of the window for instructions and answers"
    )
    max_whole_tokens: int | None = Field(
        default=None, ge=1, description="auto mode passes larger documents in chunks; the model's window"
    )
    tokenizer: Path | None = Field(
        default=None, description="a model's folder with its tokenizer.json; tokens are estimated"
    )
    pack_documents: int = Field(
        default=8, ge=2, le=64, description="documents shown together, at most, to recipes about packs"
    )
