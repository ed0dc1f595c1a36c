"""Strict reading of what people write: settings and plug-ins' options, with errors that help."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import SettingsError

M = TypeVar("M", bound=BaseModel)


class Section(BaseModel):
    """The strict, frozen base of all settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def validated(model: type[M], values: Mapping[str, Any], where: str = "") -> M:
    """Return `values` as a `model`. `where` is the key under which they stand.

    Raises:
        SettingsError: an unknown key, with the nearest right one, or a value that cannot be used.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        found = error.errors()
        first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
        path = tuple(str(part) for part in first["loc"] if not str(part).startswith("function-"))
        key = ".".join(filter(None, (where, *path)))
        if first["type"] == "extra_forbidden":
            raise SettingsError(key, _unknown(model, path)) from error
        if first["type"] == "missing":
            raise SettingsError(key, "is missing") from None
        if first["type"] == "value_error":  # our own words; what was written may be a secret
            raise SettingsError(key, first["msg"].removeprefix("Value error, ")) from None
        raise SettingsError(key, f"{first['msg']} (got {_shown(first['input'])})") from error


def _unknown(model: type[BaseModel], path: tuple[str, ...]) -> str:
    known = sorted(_fields_at(model, path[:-1]))
    near = get_close_matches(path[-1], known, n=1)
    return (
        f"there is no such setting; did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
    )


def _fields_at(model: type[BaseModel], path: tuple[str, ...]) -> set[str]:
    for part in path:
        if part.isdigit():
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        inner = _model_in(annotation)
        if inner is None:
            break
        model = inner
    return set(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  # any annotation may come
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
