"""The user's own schema, filled from each passage, as instructions that ask for JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import orjson
from pydantic import BaseModel, Field, JsonValue

from pipeline.json_schemas import QUOTES, Described, model_of, wrapped
from pipeline.prompts import language_name, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import question_and_answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_TASK = """\
{instruction}

`record` holds what the material states, in the form that the schema gives. Copy figures, dates and names as
they are written. A value that the material does not state is null where the schema allows it, else left out;
never guess one.
`evidence` holds, for the values of the record, quotes from the material, copied character for character.
{language}"""
_OWN_WORDS = "Write values that are your own words in {language}; what is copied stays as it is."

_KEY = "recipes.extract.json_schema"
_PROMPT = """\
{instruction}

Answer with JSON that fits this schema:
{schema}

{text}"""


class ExtractOptions(Options):
    """What to extract. A Pydantic model gives its JSON schema with `model_json_schema()`."""

    json_schema: dict[str, JsonValue] = Field(default={}, description="JSON schema of the record")
    instruction: str = "Extract the following record from the text."


class Extraction:
    """Asks for one record for each passage."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, ExtractOptions)
        self._setup, self._options = setup, setup.options
        if not self._options.json_schema:
            raise SettingsError(_KEY, "is needed: what shall be extracted?")
        model_of("Record", self._options.json_schema, _KEY)
        described = wrapped({"evidence": QUOTES}, "record", self._options.json_schema)
        self._answer_schema = model_of("Extracted", described, _KEY)

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        asked = self._setup.answer_language
        own_words = _OWN_WORDS.format(language=language_name(asked)) if asked else ""
        task = _TASK.format(instruction=self._options.instruction, language=own_words).rstrip()
        for passage in passages:
            yield request("extract", self._setup, (passage,), task, self._answer_schema)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield the record as a sample; one whose values are all empty is at fault."""
        record, quotes = _read(reply.answer)
        prompt = _PROMPT.format(
            instruction=self._options.instruction,
            schema=_json(self._options.json_schema),
            text=request.passages[0].text,
        )
        sample = question_and_answer(
            request,
            reply,
            prompt,
            _json(record),
            quotes,
            kind="record",
            language=self._setup.answer_language,
        )
        yield sample if any(_values(record)) else replace(sample, fault="record_empty")


def _read(answer: BaseModel | None) -> tuple[dict[str, JsonValue], list[str]]:
    record = answer.root.get("record") if isinstance(answer, Described) else None
    quotes = answer.root.get("evidence") if isinstance(answer, Described) else None
    if not isinstance(record, dict) or not isinstance(quotes, list):
        raise TypeError(f"extract asked for a record, not {type(answer)}")
    return record, [str(quote) for quote in quotes]


def _values(value: JsonValue) -> Iterator[JsonValue]:
    """Yield all values in a record that are no containers."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)
    else:
        yield value


def _json(value: Mapping[str, JsonValue]) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


recipes.add(
    "extract",
    RecipeEntry(
        Extraction, "your own JSON schema, filled from each passage", CHAT_FORMATS, ExtractOptions, 1
    ),
)
