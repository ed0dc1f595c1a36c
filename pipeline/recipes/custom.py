"""The user's own kind of sample: a prompt template and a schema in YAML, with the usual checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
from pydantic import Field, JsonValue

from pipeline.json_schemas import QUOTES, Described, model_of, wrapped
from pipeline.languages import language_of
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from pipeline.templates import TemplateFault, Templates, names_in
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.errors import SettingsError, one_line
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample
from schemas.strict import validated

_QUOTES: dict[str, JsonValue] = {**QUOTES, "minItems": 1}
_PROMPT_NAMES = frozenset({"count", "round", "language", "standalone"})
_NOTE = "\nWrite {count} items.\n{evidence}\n{language}"


class CustomOptions(Options):
    """Where the kind is written down: `path`, a YAML file with the keys of `Kind`."""

    path: Path | None = None


class Kind(Options):
    """One kind of sample. Templates are Jinja2, sandboxed.

    `prompt` sees `count`, `round`, `language` and `standalone` (the rule for questions that stand alone); the
    source, with its title and headings, is shown by itself, fenced off. `item` is the JSON schema of one
    item's own fields, to which `evidence` is added. `question`, `answer` and `reasoning` see its fields.
    """

    name: str
    prompt: str
    item: dict[str, JsonValue]
    question: str = "{{ question }}"
    answer: str = "{{ answer }}"
    reasoning: str = ""
    count: int | None = Field(default=None, ge=1)


class CustomRecipe:
    """Asks what a template says."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, CustomOptions)
        self._setup = setup
        self._kind = _kind(setup.options.path)
        self._count = self._kind.count or setup.count
        self._answer_schema = model_of("Items", _with_evidence(self._kind.item), "recipes.custom.item")
        self._templates = _templates(self._kind)
        self._prompt("")  # so that a prompt which fails does so before anything is read

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        for passage in passages:
            rule = language_rule(self._setup, passage)
            note = _NOTE.format(count=self._count, evidence=EVIDENCE, language=rule)
            task = self._prompt(language_of(passage) or "") + note
            yield request("custom", self._setup, (passage,), task, self._answer_schema, self._count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each item, its turns rendered from its fields; at fault where they cannot be."""
        items = answer_of(reply, Described).root["items"]
        for item in items if isinstance(items, list) else ():
            fields: dict[str, JsonValue] = dict(item) if isinstance(item, dict) else {}
            quotes = fields.pop("evidence", [])
            turns = _Turns.of(self._templates, fields)
            sample = question_and_answer(
                request,
                reply,
                turns.question,
                turns.answer,
                [str(quote) for quote in quotes] if isinstance(quotes, list) else [],
                kind=self._kind.name,
                reasoning=turns.reasoning or None,
                language=self._setup.answer_language,
            )
            yield replace(sample, fault=turns.fault)

    def _prompt(self, own_language: str) -> str:
        values: dict[str, JsonValue] = {
            "count": self._count,
            "round": self._setup.round,
            "language": self._setup.question_language or own_language,
            "standalone": STANDALONE,
        }
        try:
            return self._templates.render("prompt", values)
        except TemplateFault as error:
            raise SettingsError("recipes.custom.prompt", str(error)) from error


@dataclass(frozen=True, slots=True)
class _Turns:
    """What the templates make of an item."""

    question: str = ""
    answer: str = ""
    reasoning: str = ""
    fault: str | None = None

    @classmethod
    def of(cls, templates: Templates, fields: Mapping[str, JsonValue]) -> "_Turns":
        try:
            return cls(*(templates.render(name, fields) for name in ("question", "answer", "reasoning")))
        except TemplateFault:  # a field that the schema lets be absent, or of another kind
            return cls(orjson.dumps(fields).decode(), fault="template_failed")


def _templates(kind: Kind) -> Templates:
    """Return the templates of a kind, of which each names only what there is."""
    properties = kind.item.get("properties")
    fields = frozenset(properties if isinstance(properties, Mapping) else ())
    known = {"prompt": _PROMPT_NAMES} | dict.fromkeys(("question", "answer", "reasoning"), fields)
    templates = Templates("recipes.custom", {name: getattr(kind, name) for name in known})
    for name, there in known.items():
        if unknown := sorted(names_in(getattr(kind, name)) - there):
            known_names = ", ".join(sorted(there))
            raise SettingsError(
                f"recipes.custom.{name}", f"there is no '{unknown[0]}'; there are: {known_names}"
            )
    return templates


def _kind(path: Path | None) -> Kind:
    import yaml

    if path is None:
        raise SettingsError("recipes.custom.path", "is needed: a YAML file that describes the kind")
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise SettingsError("recipes.custom.path", f"cannot read {path}: {one_line(error)}") from error
    if not isinstance(content, Mapping):
        raise SettingsError("recipes.custom.path", f"{path} must hold keys such as name, prompt and item")
    return validated(Kind, content, "recipes.custom")


def _with_evidence(item: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the schema of a list of items, each with its quotes."""
    properties, required = item.get("properties"), item.get("required")
    if not isinstance(properties, Mapping) or item.get("type", "object") != "object":
        raise SettingsError("recipes.custom.item", "must be the JSON schema of an object with properties")
    names = required if isinstance(required, list) else list(properties)
    described: dict[str, JsonValue] = {
        **item,
        "type": "object",
        "properties": {**properties, "evidence": _QUOTES},
        "required": [*names, "evidence"],
        "additionalProperties": False,
    }
    return wrapped({}, "items", described, many=True)


recipes.add(
    "custom",
    RecipeEntry(
        CustomRecipe,
        "your own kind of sample: a prompt template and a schema in YAML",
        CHAT_FORMATS,
        CustomOptions,
        3,
    ),
)
