"""What a report shows of a run: plain values, complete before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.ledger import End, Stage, Tally
from schemas.requests import Usage


@dataclass(frozen=True, slots=True)
class Pair:
    """A name with what stands beside it, as in a setting or a version."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a shown chat. `pictures` are `data:` addresses; `unshown` counts those left out."""

    role: str
    text: str
    pictures: tuple[str, ...] = ()
    unshown: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an excerpt, marked where it is evidence."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Evidence in its place: the parts make up one stretch of the document.

    `uri` is where the document was read. `cut_before` and `cut_after` say that it goes on there. `page` is
    1-based.
    """

    document: str
    uri: str
    page: int | None
    parts: tuple[Part, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What one filter said of a shown sample."""

    filter: str
    keep: bool
    score: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample chosen to be read. `split` is empty for one that was dropped."""

    id: str
    recipe: str
    kind: str
    turns: tuple[Turn, ...]
    reasoning: str
    excerpts: tuple[Excerpt, ...]
    unlocated: tuple[str, ...]
    marks: tuple[Mark, ...]
    split: str


@dataclass(frozen=True, slots=True)
class Loss:
    """Why items of a stage ended there, with a few of them. `items` names those that are no samples."""

    stage: Stage
    end: End
    reason: str
    count: int
    samples: tuple[Shown, ...] = ()
    items: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of equal bins. Bin `i` begins at `low + i * width`; the last one holds all above it too.

    `kept` and `lost` have one count per bin.
    """

    name: str
    low: float
    width: float
    kept: tuple[int, ...]
    lost: tuple[int, ...]
    median: float


@dataclass(frozen=True, slots=True)
class Share:
    """A group of samples, as in a kind or a language: how many were made, how many became rows."""

    name: str
    made: int
    kept: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters `start` to `end` of a document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which parts of a document the dataset's rows lean on. `covered` is sorted and does not overlap."""

    document_id: str
    title: str
    uri: str
    length: int
    pages: int | None
    covered: tuple[Stretch, ...]
    made: int
    kept: int

    @property
    def share(self) -> float:
        """The share of the document's characters that are evidence of some row."""
        return sum(part.end - part.start for part in self.covered) / self.length if self.length else 0.0


@dataclass(frozen=True, slots=True)
class Spending:
    """What the requests of a recipe or filter took, and what they were expected to; None without a plan."""

    recipe: str
    usage: Usage
    expected: Usage | None


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """How a judge does at one threshold, on samples of which the truth is known."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """A kind of fault that was planted into good samples, and how many were dropped by what.

    An empty name stands for the good samples, of which none should be.
    """

    name: str
    planted: int
    by_rule: int
    by_model: int
    caught: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far rules and judge together can be trusted. `warnings` name the judge's biases and
    other caveats.

    `threshold` is the score to use, None without a judge; `points` may be empty.
    """

    judge: str
    precision: float
    recall: float
    threshold: float | None
    faults: tuple[PlantedFault, ...]
    warnings: tuple[str, ...] = ()
    points: tuple[CalibrationPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """A document of which some pages, or all, can only be read by a vision model."""

    title: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """A document whose pages deserve a second look, why, and what the first of them says of it."""

    title: str
    pages: tuple[int, ...]
    why: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything that a report shows. Times are ISO 8601. `documents` and `rows_total` count all of them.

    `tenths` are the shares of the first to the last tenth of the documents that are evidence of some row.
    `without_vector` counts, by reason, the samples that were not compared by meaning. `shortfall` says which
    rows were asked for and are lacking, and why.
    """

    name: str
    created: str
    updated: str
    finished: bool
    seconds: float
    documents: int
    rows_total: int
    settings: tuple[Pair, ...]
    versions: tuple[Pair, ...]
    ledger: dict[Stage, Tally]
    losses: tuple[Loss, ...]
    rows: tuple[Shown, ...]
    scores: tuple[Histogram, ...]
    lengths: tuple[Histogram, ...]
    coverage: tuple[Coverage, ...]
    tenths: tuple[float, ...]
    recipes: tuple[Share, ...]
    kinds: tuple[Share, ...]
    languages: tuple[Share, ...]
    openings: tuple[Share, ...]
    splits: tuple[Pair, ...]
    spending: tuple[Spending, ...]
    unseen: tuple[Unseen, ...]
    calibration: Calibration | None = None
    noted: tuple[Noted, ...] = ()
    without_vector: Mapping[str, int] = field(default_factory=dict)
    shortfall: str = ""
