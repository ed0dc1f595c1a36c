"""The settings: one strict model, and the only home of defaults.

The YAML file, the command line and Python use the same names. Secrets are never settings: they come from
environment variables.
"""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, model_validator
from pydantic.json_schema import SkipJsonSchema

from schemas.choices import PlugIn, Recipe, RecipeChoice
from schemas.languages import Language, Spoken
from schemas.mix import contradiction
from schemas.since import as_text, named_moment
from schemas.strict import Section, validated


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
    timeout_s: float = Field(default=60.0, gt=0, description="wall and CPU time for one file")
    max_file_mb: int = Field(default=256, ge=1, description="larger files are refused")
    max_output_mb: int = Field(default=256, ge=1, description="files that hold more text are refused")
    allow_private_addresses: bool = Field(default=False, description="fetch from private networks too")


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
    pack_documents: int = Field(
        default=8, ge=2, le=64, description="documents shown together, at most, to recipes about packs"
    )


class PriceSettings(Section):
    """US dollars per million tokens, before the preset's. Without `cached`, cached tokens cost as others."""

    prompt: float = Field(ge=0, description="of tokens sent")
    cached: float | None = Field(
        default=None, ge=0, description="of tokens sent that the endpoint had cached"
    )
    completion: float = Field(default=0.0, ge=0, description="of tokens answered")


class ChatPriceSettings(PriceSettings):
    """A price of both parts: with one alone, a budget in dollars would not hold."""

    completion: float = Field(ge=0, description="of tokens answered")


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise ValueError(
            "holds a user name or a key, which would be written down; keys come from the environment"
        )
    return url


BaseUrl = Annotated[str, AfterValidator(_address)]


class Endpoint(Section):
    """One of several endpoints that serve the same model."""

    base_url: BaseUrl = Field(description="where it answers")
    weight: float = Field(default=1.0, gt=0, description="its share of the requests, beside the others'")
    key_variable: str | None = Field(default=None, description="the environment variable that holds its key")
    concurrency: int | None = Field(
        default=None, ge=1, description="requests at once, at most; llm.concurrency"
    )
    requests_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.requests_per_minute"
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, description="of this endpoint; llm.tokens_per_minute"
    )


class BudgetSettings(Section):
    """What a run may spend at most. None is no limit."""

    usd: float | None = Field(default=None, ge=0, description="US dollars; the model's price must be known")
    tokens: int | None = Field(default=None, ge=0, description="sent and answered together")
    requests: int | None = Field(default=None, ge=0, description="answered, without retries")


def _budget(value: object) -> object:
    """Read `5`, `5usd`, `200000 tokens` and `1000 requests`; a bare number is dollars."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return value
    text = str(value).strip().lower().lstrip("$").replace("_", "")
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ").strip()
    unit = text[len(number) :].strip() or "usd"
    names = {
        "usd": "usd",
        "token": "tokens",
        "tokens": "tokens",
        "request": "requests",
        "requests": "requests",
    }
    if unit not in names:
        raise ValueError("must look like 5, 5usd, 200000tokens or 1000requests")
    return {names[unit]: number}


class LLMSettings(Section):
    """How a model is asked."""

    temperature: float | None = Field(
        default=0.7, ge=0, le=2, description="0 answers the same each time; none sends no temperature"
    )
    top_p: float | None = Field(default=None, gt=0, le=1, description="nucleus sampling; the endpoint's own")
    max_output_tokens: int = Field(default=4096, ge=16, description="of one answer; longer ones are cut off")
    concurrency: int = Field(default=32, ge=1, description="requests at once, at most")
    adaptive: bool = Field(default=True, description="find the right number of requests at once by itself")
    requests_per_minute: int | None = Field(default=None, ge=1, description="at most; no limit")
    tokens_per_minute: int | None = Field(default=None, ge=1, description="at most; no limit")
    timeout_s: float = Field(default=120.0, gt=0, description="for a short prompt; it grows with the prompt")
    max_attempts: int = Field(default=6, ge=1, description="tries of one request before it is a failure")
    outage_s: float = Field(
        default=600.0, ge=0, description="how long an endpoint may be down before the run stops"
    )
    window: int | None = Field(default=None, ge=256, description="the model's context window, in tokens")
    structured: Literal["auto", "json_schema", "json_object", "prompt"] = Field(
        default="auto", description="how JSON is asked for; auto tries one after the other"
    )
    price: ChatPriceSettings | None = Field(default=None, description="the model's; the preset's")
    endpoints: tuple[Endpoint, ...] = Field(
        default=(), description="several that serve the model side by side; base_url goes before them"
    )
    extra_body: dict[str, JsonValue] = Field(default={}, description="sent with every request as it is")
    batch: bool = Field(default=False, description="use the endpoint's batch API")
    batch_requests: int = Field(default=10_000, ge=1, description="how many requests a batch holds at most")
    part_s: float = Field(
        default=5.0, gt=0, description="how often a run on an object store writes its replies there"
    )
    shared_cache: Path | None = Field(default=None, description="a folder of replies that runs share")


class Juror(Section):
    """A further judge at an endpoint of its own. Its key is its provider's."""

    model: str = Field(description="provider/model")
    base_url: BaseUrl = Field(description="where it answers")

    @property
    def name(self) -> str:
        """The endpoint's own name of the model."""
        return self.model.partition("/")[2] or self.model


JudgeKind = Literal["chat", "reward"]
RewardRoute = Literal["score", "classify", "pooling"]


def _scale(value: object) -> object:
    if value in ("logit", "probability"):
        return value
    bounds = tuple(value) if isinstance(value, list | tuple) else ()
    numbers = [b for b in bounds if isinstance(b, int | float) and not isinstance(b, bool) and isfinite(b)]
    if len(bounds) != 2 or len(numbers) != 2 or numbers[0] >= numbers[1]:
        raise ValueError("must be logit, probability, or the least and the greatest number, as in [0, 4]")
    return numbers[0], numbers[1]


RewardScale = Annotated[Literal["logit", "probability"] | tuple[float, float], BeforeValidator(_scale)]


class JudgeSettings(Section):
    """The model that judges. It sees the source, and cannot change a sample."""

    enabled: bool = Field(default=True, description="judge, where there is a language model")
    kind: JudgeKind = Field(
        default="chat", description="chat: it checks each claim; reward: it gives a number, without words"
    )
    model: str | None = Field(default=None, description="provider/model; the generating model")
    base_url: BaseUrl | None = Field(default=None, description="its endpoint; the generating model's")
    price: PriceSettings | None = Field(default=None, description="its own; the preset's, else llm.price")
    min_score: float = Field(default=0.6, ge=0, le=1, description="samples judged lower are dropped")
    route: RewardRoute = Field(
        default="classify", description="where a reward model answers: /score, /classify or /pooling"
    )
    scale: RewardScale = Field(
        default="logit", description="what its numbers are: logit, probability, or [least, greatest]"
    )
    label: int | None = Field(
        default=None, ge=0, description="which of its numbers counts, from 0; there must be one alone"
    )
    jury: tuple[str | Juror, ...] = Field(
        default=(), description="further models behind the judge's endpoint, or {model, base_url}"
    )
    decide: Literal["majority", "minimum"] = Field(
        default="majority", description="how many of a jury must vote to keep: more than half, or all"
    )

    @property
    def elsewhere(self) -> tuple[Juror, ...]:
        """The jurors with endpoints of their own."""
        return tuple(juror for juror in self.jury if isinstance(juror, Juror))

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "chat" and self.price is not None and "completion" not in self.price.model_fields_set:
            raise ValueError(
                "price of a judge in words needs its completion too; without it a budget would not hold"
            )
        if self.kind == "reward" and self.model is None:
            raise ValueError(
                "kind reward needs a model of its own, as in model: vllm/Skywork/Skywork-Reward-V2"
            )
        return self

    @model_validator(mode="after")
    def _jurors_differ(self) -> Self:
        own = self.model.partition("/")[2] if self.model else ""
        named = [own, *(each.name if isinstance(each, Juror) else each for each in self.jury)]
        for juror in self.elsewhere:
            if named.count(juror.name) > 1:
                raise ValueError(f"names '{juror.name}' twice; requests are told apart by the model's name")
        return self


class EmbeddingSettings(Section):
    """The model that turns texts into vectors, so that what means the same is found. None: nothing is."""

    model: str | None = Field(default=None, description="provider/model of an OpenAI-compatible /embeddings")
    base_url: BaseUrl | None = Field(default=None, description="its endpoint; the provider's own")
    batch: int = Field(default=32, ge=1, le=2048, description="texts in one request")
    max_tokens: int = Field(
        default=512, ge=16, description="longer texts are cut, at four characters a token"
    )
    concurrency: int = Field(default=8, ge=1, description="requests at once, at most")
    price: PriceSettings | None = Field(default=None, description="the model's; nothing is counted")
    same_above: float = Field(
        default=0.9, gt=0, le=1, description="samples whose vectors' cosine is at least this mean the same"
    )


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


class SelectSettings(Section):
    """Which of the surviving samples go into the dataset."""

    min_score: float = Field(default=0.0, ge=0, le=1, description="samples with a lower score stay out")
    top_share: float | None = Field(default=None, gt=0, le=1, description="keep this share, the best; all")
    near_duplicates: bool = Field(
        default=True, description="drop what another sample says almost word by word"
    )
    diversity: bool = Field(
        default=True, description="spread the choice where fewer are wanted than there are"
    )
    balance: tuple[Literal["document", "section", "kind", "difficulty", "language"], ...] = Field(
        default=(), description="what the choice gives equal shares to, where fewer are wanted than there are"
    )


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


class Settings(Section):
    """Everything that decides a run."""

    sources: tuple[str, ...] = Field(default=(), description="files, folders, globs, addresses")
    out: str = Field(default="runs/latest", description="the run's folder")
    recipes: tuple[Recipe, ...] = Field(
        default=(RecipeChoice(name="qa"), RecipeChoice(name="cot")),
        description="what to make, as in qa, qa:3, qa:20/document, qa:300/run, cot:30%",
    )
    filters: tuple[PlugIn, ...] | None = Field(default=None, description="filters in order; a sensible list")
    model: str = Field(default="extractive", description="provider/model")
    base_url: BaseUrl | None = Field(default=None, description="an OpenAI-compatible endpoint of your own")
    context: Literal["auto", "whole", "chunk"] = Field(
        default="auto", description="show documents whole, in chunks, or as they fit"
    )
    format: str = Field(default="messages", description="the rows' format (tunesmith list formats)")
    storage: Literal["parquet", "jsonl"] = Field(default="parquet", description="the files' format")
    language: Language | None = Field(
        default=None, description="language of the samples, as in `de`; the source's own"
    )
    question_language: Language | None = Field(
        default=None, description="language of the questions alone; that of the samples"
    )
    answer_language: Language | None = Field(
        default=None, description="language of the answers alone; that of the samples"
    )
    source_language: Language | None = Field(
        default=None, description="ask only about documents in this language; any"
    )
    limit: int | None = Field(default=None, ge=1, description="read at most so many documents")
    since: Annotated[str | None, BeforeValidator(as_text), AfterValidator(named_moment)] = Field(
        default=None, description="open only local files changed since: a date, a time, or as in 7d"
    )
    target: int | None = Field(default=None, ge=1, description="keep exactly so many samples")
    budget: Annotated[
        BudgetSettings, BeforeValidator(_budget, json_schema_input_type=BudgetSettings | str | float)
    ] = Field(default=BudgetSettings(), description="at most, as in 5usd, 200000tokens, 1000requests")
    seed: int = Field(default=0, description="repeats every random choice")
    timeout_s: float | None = Field(
        default=None, gt=0, description="stop after so long, to go on with the next run; never"
    )
    fail_on: Literal["all", "any", "never"] = Field(
        default="all", description="how many unreadable documents make the run a failure"
    )
    parse: ParseSettings = ParseSettings()
    passages: PassageSettings = PassageSettings()
    llm: LLMSettings = LLMSettings()
    judge: JudgeSettings = JudgeSettings()
    embeddings: EmbeddingSettings = EmbeddingSettings()
    select: SelectSettings = SelectSettings()
    split: SplitSettings = SplitSettings()
    output: OutputSettings = OutputSettings()
    partitions: Annotated[
        PartitionSettings, BeforeValidator(_partitions, json_schema_input_type=PartitionSettings | int)
    ] = Field(default=PartitionSettings(), description="a number has so many made at once by workers")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if problem := contradiction(self):
            raise ValueError(problem)
        return self

    @property
    def spoken(self) -> Spoken:
        """The run's languages, for recipes without their own."""
        return Spoken(
            self.question_language or self.language,
            self.answer_language or self.language,
            self.source_language,
        )

    @property
    def provider(self) -> str:
        """The part of `model` before the first slash."""
        return self.model.partition("/")[0]

    @property
    def model_name(self) -> str:
        """The part of `model` after the first slash: the endpoint's own name of it."""
        return self.model.partition("/")[2] or self.model


def load_settings(*layers: Mapping[str, Any]) -> Settings:
    """Return settings from mappings, later ones over earlier ones, sections merged key by key.

    Raises:
        SettingsError: a key is unknown (the message names the nearest), or a value cannot be used.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merged(merged, layer)
    return validated(Settings, merged)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        result[key] = _merged(known, value) if both else value  # type: ignore[arg-type]  # both says so
    return result
