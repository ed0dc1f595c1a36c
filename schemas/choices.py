"""A plug-in as settings name it: by its name, a number and its own options, in short or in full."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from schemas.languages import Language, Spoken
from schemas.strict import Section


class Choice(Section):
    """A plug-in by name, with how many samples it shall make and its own options."""

    name: str = Field(description="as tunesmith list shows it")
    count: int | None = Field(
        default=None, ge=1, description="samples per passage; the plug-in's own default"
    )
    options: dict[str, JsonValue] = Field(default={}, description="the plug-in's own")


Per = Literal["passage", "document", "run"]


class RecipeChoice(Choice):
    """A recipe by name: how many samples are asked for per passage, or kept per document, per run, or as a
    share of the target; and its own languages, before those of the run."""

    per: Per = Field(default="passage", description="what the count is for")
    share: float | None = Field(default=None, gt=0, le=1, description="of the target")
    language: Language | None = Field(default=None, description="of its samples; the run's")
    question_language: Language | None = Field(default=None, description="of its questions alone")
    answer_language: Language | None = Field(default=None, description="of its answers alone")
    source_language: Language | None = Field(default=None, description="of the documents that it asks about")

    @model_validator(mode="after")
    def _is_one_number(self) -> Self:
        if self.share is not None and (self.count is not None or self.per != "passage"):
            raise ValueError("give a count or a share, not both")
        if self.count is None and self.per != "passage":
            raise ValueError(f"how many per {self.per}? give a count")
        return self

    def spoken(self, run: Spoken) -> Spoken:
        """Return the recipe's languages, those of the run where it has none of its own."""
        return Spoken(
            self.question_language or self.language or run.question,
            self.answer_language or self.language or run.answer,
            self.source_language or run.source,
        )


# What stands among a recipe's options in short form, and is none of them.
_OF_THE_CHOICE = ("per", "language", "question_language", "answer_language", "source_language")


def _choice(value: object) -> object:
    """Read `qa`, `qa:5`, `{qa: 5}` and `{qa: {count: 5, ...}}`."""
    if isinstance(value, str):
        name, colon, count = value.partition(":")
        return {"name": name, "count": count} if colon else {"name": name}
    if isinstance(value, Mapping) and len(value) == 1 and "name" not in value:
        [(name, rest)] = value.items()
        if isinstance(rest, Mapping):
            options = {key: item for key, item in rest.items() if key != "count"}
            return {"name": name, "count": rest.get("count"), "options": options}
        return {"name": name, "count": rest}
    return value


def _recipe(value: object) -> object:
    """Read also `qa:20/document`, `qa:300/run`, `cot:30%` and `{qa: {count: 20, per: run, language: de}}`."""
    read = _choice(value)
    if not isinstance(read, Mapping):
        return read
    found = dict(read)
    count, options = found.get("count"), found.get("options")
    if isinstance(options, Mapping) and read is not value:
        found["options"] = {key: item for key, item in options.items() if key not in _OF_THE_CHOICE}
        found |= {key: options[key] for key in _OF_THE_CHOICE if key in options}
    if isinstance(count, str) and count.strip().endswith("%"):
        share = count.strip().removesuffix("%")
        found |= {"count": None, "share": float(share) / 100 if _is_number(share) else count}
    elif isinstance(count, str) and "/" in count:
        found["count"], _, found["per"] = (part.strip() for part in count.partition("/"))
    return found


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).strip().isdecimal()


_InShort = str | Annotated[dict[str, JsonValue], Field(min_length=1, max_length=1)]
PlugIn = Annotated[Choice, BeforeValidator(_choice, json_schema_input_type=Choice | _InShort)]
Recipe = Annotated[RecipeChoice, BeforeValidator(_recipe, json_schema_input_type=RecipeChoice | _InShort)]
