"""A format: a sample in, a row out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, Union

from schemas.manifest import DatasetFile
from schemas.samples import Sample
from schemas.settings import OutputSettings

if TYPE_CHECKING:
    import pyarrow as pa

Cell = Union[str, float, bytes, None, "Row", "Sequence[Cell]"]
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Traits:
    """What the samples of a dataset have among them, which decides the columns that its rows need."""

    reasoning: bool = False
    system: bool = False
    tools: bool = False
    images: bool = False
    preference: bool = False
    scores: bool = False

    def __or__(self, other: "Traits") -> "Traits":
        return Traits(
            self.reasoning or other.reasoning,
            self.system or other.system,
            self.tools or other.tools,
            self.images or other.images,
            self.preference or other.preference,
            self.scores or other.scores,
        )

    def cover(self, other: "Traits") -> bool:
        """Whether columns for these traits are enough for the `other` ones."""
        return self == other or self | other == self


@dataclass(frozen=True, slots=True)
class FormatSetup:
    """What a format is built with."""

    settings: OutputSettings
    traits: Traits = Traits()


class Format(Protocol):
    """The shape of a dataset's rows for some trainer."""

    def row(self, sample: Sample) -> Row:
        """Return the row that stands for `sample`, provenance aside."""
        ...

    def arrow_schema(self) -> "pa.Schema":
        """Return the columns of `row`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class FormatReader:
    """The way back, from rows to samples. `sample` raises `UnreadableRow` where a row cannot be one."""

    recognises: Callable[[Mapping[str, object]], bool]
    sample: Callable[[Mapping[str, object]], Sample]


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """How to build a format, and what it can hold.

    `misfit` says what of a sample the format cannot hold, None where it fits. `beside` returns the files that
    the trainer wants beside the rows, by name. A `bare` format's rows bear no provenance columns, because its
    trainer refuses what it does not know. It takes no other `storage`, and no fewer than `min_train_rows`.
    """

    build: Callable[[FormatSetup], Format]
    summary: str
    misfit: Callable[[Sample], str | None]
    reader: FormatReader | None = None
    beside: Callable[[Sequence[DatasetFile], Traits], Mapping[str, str]] | None = None
    bare: bool = False
    storage: Literal["parquet", "jsonl"] | None = None
    min_train_rows: int = 0
