"""Answer schemas from the user's own JSON schemas."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ConfigDict, JsonValue, RootModel, model_validator

from schemas.errors import SettingsError

JsonObject = dict[str, JsonValue]
QUOTES: JsonObject = {"type": "array", "items": {"type": "string"}}
_DEFINITIONS = ("$defs", "definitions")


class Described(RootModel[JsonObject]):
    """A JSON object that fits the schema of its class."""

    model_config = ConfigDict(frozen=True)


def model_of(name: str, schema: Mapping[str, JsonValue], key: str) -> type[Described]:
    """Return a model whose values fit `schema`, and whose own JSON schema it is. `key` names the setting.

    Raises:
        SettingsError: `schema` is no JSON schema of an object, or refers to what is not in it.
    """
    from jsonschema import Draft202012Validator

    plain = dict(schema)
    _check(plain, key)
    validator = Draft202012Validator(plain)

    class Fitting(Described):
        @model_validator(mode="after")
        def _fits(self) -> "Fitting":
            problem = next(validator.iter_errors(self.root), None)
            if problem is not None:
                raise ValueError(problem.message)
            return self

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return dict(plain)

    Fitting.__name__ = Fitting.__qualname__ = name
    return Fitting


def wrapped(
    properties: Mapping[str, JsonValue], inner: str, schema: Mapping[str, JsonValue], *, many: bool = False
) -> JsonObject:
    """Return the schema of an object with `properties` and, as `inner`, a value that fits `schema`, or many.

    Definitions that `schema` refers to move to the top, where references look for them.
    """
    bare = {key: value for key, value in schema.items() if key not in _DEFINITIONS}
    own: JsonValue = {"type": "array", "items": bare} if many else bare
    described: JsonObject = {
        "type": "object",
        "properties": {inner: own, **properties},
        "required": [inner, *properties],
        "additionalProperties": False,
    }
    return described | {key: schema[key] for key in _DEFINITIONS if key in schema}


def _check(schema: JsonObject, key: str) -> None:
    from jsonschema import Draft202012Validator, SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise SettingsError(key, f"is not a JSON schema: {error.message}") from error
    if schema.get("type") != "object":
        raise SettingsError(key, "must describe an object: type: object")
    for reference in _references(schema):
        if not _leads_somewhere(reference, schema):
            raise SettingsError(key, f"refers to '{reference}', which is not in it")


def _references(schema: JsonValue) -> Iterator[str]:
    """Yield what a schema refers to, at any depth."""
    if isinstance(schema, Mapping):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference
    for inner in (
        schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ()
    ):
        yield from _references(inner)


def _leads_somewhere(reference: str, schema: JsonObject) -> bool:
    """Return whether `reference` is a definition of the schema. One to the schema itself would be moved."""
    root, _, path = reference.partition("/")
    found: JsonValue = schema
    for part in path.split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return root == "#" and path.startswith(_DEFINITIONS) and found is not None
