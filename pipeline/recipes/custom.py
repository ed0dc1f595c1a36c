"""The user's own kind of sample: a prompt template and a schema in YAML, with the usual checks."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import Field, JsonValue

from pipeline.json_schemas import QUOTES, Described, model_of, wrapped
from pipeline.languages import language_of
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample
from schemas.strict import validated

_QUOTES: dict[str, JsonValue] = {**QUOTES, "minItems": 1}
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
        self._templates = _Templates(self._kind)

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        for passage in passages:
            values: dict[str, JsonValue] = {
                "count": self._count,
                "round": self._setup.round,
                "language": self._setup.question_language or language_of(passage) or "",
                "standalone": STANDALONE,
            }
            rule = language_rule(self._setup, passage)
            note = _NOTE.format(count=self._count, evidence=EVIDENCE, language=rule)
            task = self._templates.render("prompt", values) + note
            yield request("custom", self._setup, (passage,), task, self._answer_schema, self._count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each item, its turns rendered from the item's fields."""
        items = answer_of(reply, Described).root["items"]
        for item in items if isinstance(items, list) else ():
            fields: dict[str, JsonValue] = dict(item) if isinstance(item, dict) else {}
            quotes = fields.pop("evidence", [])
            yield question_and_answer(
                request,
                reply,
                self._templates.render("question", fields),
                self._templates.render("answer", fields),
                [str(quote) for quote in quotes] if isinstance(quotes, list) else [],
                kind=self._kind.name,
                reasoning=self._templates.render("reasoning", fields) or None,
                language=self._setup.answer_language,
            )


class _Templates:
    """The compiled templates of a kind."""

    def __init__(self, kind: Kind) -> None:
        from jinja2 import StrictUndefined, TemplateSyntaxError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._compiled = {}
        for name in ("prompt", "question", "answer", "reasoning"):
            try:
                self._compiled[name] = environment.from_string(getattr(kind, name))
            except TemplateSyntaxError as error:
                raise SettingsError(f"recipes.custom.{name}", f"line {error.lineno}: {error}") from error

    def render(self, name: str, values: Mapping[str, JsonValue]) -> str:
        """Return a template filled in.

        Raises:
            SettingsError: the template names what is not there, or does what the sandbox forbids.
        """
        from jinja2 import TemplateError

        try:
            return self._compiled[name].render(values).strip()
        except TemplateError as error:
            raise SettingsError(f"recipes.custom.{name}", str(error)) from error


def _kind(path: Path | None) -> Kind:
    import yaml

    if path is None:
        raise SettingsError("recipes.custom.path", "is needed: a YAML file that describes the kind")
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError("recipes.custom.path", f"cannot read {path}: {error}") from error
    if not isinstance(content, Mapping):
        raise SettingsError("recipes.custom.path", f"{path} must hold keys such as name, prompt and item")
    return validated(Kind, content, "recipes.custom")


def _with_evidence(item: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the schema of a list of items, each with its quotes."""
    properties, required = item.get("properties"), item.get("required")
    if not isinstance(properties, Mapping):
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
