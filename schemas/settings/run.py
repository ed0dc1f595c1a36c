"""The whole model: what belongs to no section, and the sections."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas.choices import PlugIn, Recipe, RecipeChoice
from schemas.languages import Language, Spoken
from schemas.mix import contradiction
from schemas.settings.addresses import BaseUrl
from schemas.settings.budget import Budget, BudgetSettings
from schemas.settings.embeddings import EmbeddingSettings
from schemas.settings.judge import JudgeSettings
from schemas.settings.llm import LLMSettings
from schemas.settings.output import OutputSettings
from schemas.settings.parse import ParseSettings
from schemas.settings.partitions import Partitions, PartitionSettings
from schemas.settings.passages import PassageSettings
from schemas.settings.select import SelectSettings
from schemas.settings.split import SplitSettings
from schemas.since import as_text, named_moment
from schemas.strict import Section


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
    budget: Budget = Field(
        default=BudgetSettings(), description="at most, as in 5usd, 200000tokens, 1000requests"
    )
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
    partitions: Partitions = Field(
        default=PartitionSettings(), description="a number has so many made at once by workers"
    )

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
