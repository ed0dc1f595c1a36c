"""Answer schemas from the user's own JSON schemas."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, RootModel, create_model, model_validator

from schemas.errors import SettingsError

JsonObject = dict[str, JsonValue]


class Described(RootModel[JsonObject]):
    """A JSON object that fits the schema of its class."""

    model_config = ConfigDict(frozen=True)


def model_of(name: str, schema: Mapping[str, JsonValue], key: str) -> type[Described]:
    """Return a model whose values fit `schema`, and whose own JSON schema it is. `key` names the setting.

    Raises:
        SettingsError: `schema` is no JSON schema of an object.
    """
    from jsonschema import Draft202012Validator, SchemaError

    plain = dict(schema)
    try:
        Draft202012Validator.check_schema(plain)
    except SchemaError as error:
        raise SettingsError(key, f"is not a JSON schema: {error.message}") from error
    if plain.get("type") != "object":
        raise SettingsError(key, "must describe an object: type: object")
    validator = Draft202012Validator(plain)

    class Fitting(Described):
        @model_validator(mode="after")
        def _fits(self) -> "Fitting":
            problem = next(validator.iter_errors(self.root), None)
            if problem is not None:
                raise ValueError(problem.message)
            return self

        @classmethod
        def __get_pydantic_json_schema__(cls, *_: Any) -> dict[str, Any]:
            return dict(plain)

    Fitting.__name__ = Fitting.__qualname__ = name
    return Fitting


def with_evidence(name: str, record: type[Described]) -> type[BaseModel]:
    """Return a model of `{"record": ..., "evidence": [...]}`."""
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid", frozen=True),
        record=(record, ...),
        evidence=(list[str], ...),
    )
