"""What a run says of itself in `manifest.json`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.ledger import Tally
from schemas.requests import Usage
from schemas.settings import Settings

LAYOUT = 1


class Record(BaseModel):
    """The base of what the program itself writes and reads again."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatasetFile(Record):
    """One file of the dataset. `path` is relative to the dataset's folder."""

    path: str
    split: Literal["train", "validation", "test"]
    rows: int
    bytes: int
    sha256: str


class DatasetVersion(Record):
    """One version of a run's dataset, and what changed since the one before. `unchanged` rows are in both."""

    number: int
    created: str
    rows: int
    added: int
    removed: int
    unchanged: int


class Manifest(Record):
    """A run's settings, what ran, what it cost and what came of it. Times are ISO 8601 in UTC.

    `versions` are those of this program, Python and the libraries that decide a run's output. `shards` name
    the judged samples that the dataset was chosen from. `history` has every version of it, oldest first.
    `estimates` are what the whole run was expected to take before it asked, as `usage` by recipe and filter.
    `shortfall` says why there are fewer rows than wanted, or none of a recipe; empty where none are lacking.
    `without_vector` counts, by reason, the samples that could not be compared by meaning, where that was
    asked for.
    """

    layout: int = LAYOUT
    name: str
    created: str
    updated: str
    finished: bool = False
    settings: Settings
    versions: dict[str, str] = {}
    ledger: dict[str, Tally] = {}
    usage: dict[str, Usage] = {}
    estimates: dict[str, Usage] = {}
    seconds: dict[str, float] = {}
    files: tuple[DatasetFile, ...] = ()
    shards: tuple[str, ...] = ()
    history: tuple[DatasetVersion, ...] = ()
    shortfall: str = ""
    without_vector: dict[str, int] = {}
