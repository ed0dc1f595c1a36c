"""What a plug-in of each kind must be. Each is one file, whose last line registers it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, JsonValue

from schemas.documents import Document, Passage, Source
from schemas.languages import Spoken
from schemas.manifest import DatasetFile
from schemas.requests import Completion, Reply, Request, Sampling
from schemas.samples import Judged, Sample, Verdict
from schemas.settings import JudgeKind, OutputSettings
from schemas.vectors import Vectors

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, "JsonValue | bytes | Row | list[Row]"]
Ask = Callable[[Request], Awaitable[Completion]]


class Options(BaseModel):
    """The strict, frozen base of every plug-in's own options."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- parsers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What a user can say about reading. `text_field` names the text of a JSON record."""

    passwords: tuple[str, ...] = field(repr=False, default=())
    comments: bool = False
    text_field: str = "text"


Parse = Callable[[bytes, Source, ParseOptions], Document]


@dataclass(frozen=True, slots=True)
class ParserEntry:
    """A parser and what it reads. Suffixes are lower case, with their dot.

    `parse` raises `UnreadableDocument` with a reason for the ledger; anything else is a crash of the child
    process that it runs in.
    """

    parse: Parse
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    summary: str = ""


# --- recipes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecipeSetup:
    """What a recipe is built with. `count` is the number of samples to ask for per passage.

    `question_language` and `answer_language` are ISO 639-1 codes, None for the document's own. `round` counts
    how often the same passages have been asked about: another round brings other requests. `wanted` is how
    many samples the whole run shall have of the recipe, None where nobody said: one that asks about all
    documents together need not ask about more than give so many.
    """

    count: int
    sampling: Sampling
    options: Options
    question_language: str | None = None
    answer_language: str | None = None
    seed: int = 0
    round: int = 0
    wanted: int | None = None


class Recipe(Protocol):
    """Turns passages into requests, and replies into samples. Pure: it reads and asks nothing."""

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield what to ask about `passages`, in a fixed order. Those of one document come together."""
        ...

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample | Request]:
        """Yield the samples in a reply, and further requests where a recipe takes several steps."""
        ...


@runtime_checkable
class Shortens(Protocol):
    """A recipe that knows by itself how to ask for less. Others are asked about halves of the passages."""

    def shortened(self, request: Request) -> Iterator[Request]:
        """Yield what to ask in place of a request that is too long for the model; nothing to give it up."""
        ...


@runtime_checkable
class Chooses(Protocol):
    """A recipe that has several answers to a question judged, and makes samples of those that it chooses."""

    def choose(self, candidates: tuple[Judged, ...]) -> Iterator[Sample]:
        """Yield what is made of `candidates`, in the order of asking, each with the judge's verdict."""
        ...


@runtime_checkable
class Links(Protocol):
    """A recipe about all documents that links passages by the vectors of their texts, where there are any."""

    def requests_near(self, passages: Iterable[Passage], vectors: Vectors) -> Iterator[Request]:
        """Yield what to ask about `passages`; `vectors` has those of their texts, by the passages' ids."""
        ...


Scope = Literal["document", "corpus", "pack"]
Aid = Literal["judge", "vectors", "vectors_where_set"]


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    """How to build a recipe, and where it fits. `formats` are the export formats that can hold its samples.

    A `document` recipe is given one document's passages at a time, a `corpus` recipe all of them, a `pack`
    recipe those of several documents that fit the window together, each with its whole document as context.
    A recipe that `needs_model` refuses the extractive engine; one that does not `needs_documents` is a
    `corpus` recipe that asks even where there are no passages. A `held_out` recipe evaluates: it asks about
    a share of the passages that no other recipe of the mix is shown, and its samples belong in the test
    split. `filters` are those that its samples need beside the usual ones. `aids` says what beside replies
    a recipe with such options needs, None where that is nothing.
    """

    build: Callable[[RecipeSetup], Recipe]
    summary: str
    formats: tuple[str, ...]
    options: type[Options] = Options
    default_count: int = 3
    needs_model: bool = True
    scope: Scope = "document"
    needs_documents: bool = True
    held_out: bool = False
    filters: tuple[str, ...] = ()
    aids: Callable[[Options], frozenset[Aid]] | None = None


# --- filters ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FilterSetup:
    """What a filter is built with. `sampling` names the model that a filter may ask, None without one.

    `spoken` are the languages of the run, `spoken_by` those of recipes that have their own, by label.
    """

    options: Options
    sampling: Sampling | None = None
    seed: int = 0
    spoken: Spoken = field(default_factory=Spoken)
    spoken_by: Mapping[str, Spoken] = field(default_factory=dict)


@runtime_checkable
class Filter(Protocol):
    """Keeps or drops one sample by rule. It never changes what it is given."""

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return the verdict on `sample`, which was made from `passages`."""
        ...


@runtime_checkable
class ModelFilter(Protocol):
    """Keeps or drops one sample with a model's help."""

    async def judge_with(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return the verdict on `sample`. `ask` is the only way to the model."""
        ...


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """How to build a filter. One that `judges` asks the judge, if it is of its `kind`, any other the model
    that generates."""

    build: Callable[[FilterSetup], Filter | ModelFilter]
    summary: str
    options: type[Options] = Options
    needs_model: bool = False
    judges: bool = False
    kind: JudgeKind = "chat"


# --- formats ---------------------------------------------------------------------------------------


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


# --- providers -------------------------------------------------------------------------------------


class LLM(Protocol):
    """Answers requests."""

    async def complete(self, request: Request) -> Completion:
        """Return the reply, or the typed failure. Never raises for what an endpoint does."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    prompt: float = 0.0
    cached: float = 0.0
    completion: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model at a provider. `window` is in tokens, prompt and completion together."""

    name: str
    window: int | None = None
    price: Price = Price()


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider as data. `connect` builds an engine of its own kind, None means an OpenAI-compatible
    endpoint at `base_url`, whose key is in the environment variable `key_variable`. Its batch API costs the
    share `batch_price` of single requests."""

    summary: str
    base_url: str = ""
    key_variable: str = ""
    models: tuple[ModelCard, ...] = ()
    structured: tuple[Literal["json_schema", "json_object"], ...] = ("json_schema", "json_object")
    max_tokens_parameter: Literal["max_tokens", "max_completion_tokens"] = "max_completion_tokens"
    batch_price: float = 1.0
    connect: Callable[[str], LLM] | None = None
    is_language_model: bool = True
