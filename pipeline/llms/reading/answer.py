"""Reading a reply's text into the request's schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipeline.llms.reading.values import Found, values_in
from pipeline.llms.wire.clean import cleaned

_MOST_CHARACTERS = 4_000_000  # a million tokens; no model was asked for so much
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer, or why there is none. `partial` marks one of which only whole items are left."""

    answer: BaseModel | None
    problem: str = ""
    repaired: bool = False
    partial: bool = False


def read_answer(text: str, schema: type[BaseModel]) -> ReadAnswer:
    """Return what `text` says in the terms of `schema`.

    A strict reading comes first. A mended one is marked as repaired. Where only some items of a list are
    whole and valid, these are kept, and the answer is partial.
    """
    if len(text) > _MOST_CHARACTERS:
        return ReadAnswer(None, f"a reply of {len(text):,} characters")
    if not _UNSTORABLE_ESCAPE.search(text):
        try:
            return ReadAnswer(schema.model_validate_json(text))
        except ValidationError as error:
            problem = _problem(error)
    else:
        problem = "characters that cannot be stored"
    found = list(values_in(text)) if text.strip() else []
    if not found:
        return ReadAnswer(None, "no JSON value" if text.strip() else "an empty answer")
    for candidate in found:
        answer = _validated(candidate, schema)
        if answer is not None:
            return ReadAnswer(answer, repaired=True)
    kept = max((_salvaged(candidate, schema) for candidate in found), key=_items)
    return ReadAnswer(kept, problem, repaired=kept is not None, partial=kept is not None)


def _validated(found: Found, schema: type[BaseModel]) -> BaseModel | None:
    if not found.whole:
        return None
    for value in _shapes(found.value, schema):
        try:
            return schema.model_validate(_storable(value))
        except ValidationError:
            continue
    return None


def _shapes(value: Any, schema: type[BaseModel]) -> Iterator[Any]:  # noqa: ANN401  # any JSON value
    """Yield `value` and what it may stand for: the list of a schema that is one list, or its only item."""
    yield value
    items = _item_list(schema)
    if isinstance(value, dict) and len(value) == 1:
        yield from value.values()
    if items is None:
        return
    if isinstance(value, list) and value:
        yield {items.name: value}
    elif isinstance(value, dict):
        yield {items.name: [value]}
        yield from ({items.name: inner} for inner in value.values() if isinstance(inner, list))


def _salvaged(found: Found, schema: type[BaseModel]) -> BaseModel | None:
    """Return the whole, valid items of a list, None where there are none."""
    items = _item_list(schema)
    if items is None:
        return None
    for value in _shapes(found.value, schema):
        listed = value.get(items.name) if isinstance(value, dict) else None
        if not isinstance(listed, list):
            continue
        whole = listed if found.whole else listed[:-1]
        kept = [item for raw in whole if (item := _item(raw, items.model)) is not None]
        if kept:
            return schema.model_validate({items.name: kept})
    return None


def _item(raw: Any, model: type[BaseModel]) -> BaseModel | None:  # noqa: ANN401  # any JSON value
    try:
        return model.model_validate(_storable(raw))
    except ValidationError:
        return None


def _items(answer: BaseModel | None) -> int:
    return sum(len(value) for _, value in answer if isinstance(value, list)) if answer is not None else 0


@dataclass(frozen=True, slots=True)
class _ItemList:
    name: str
    model: type[BaseModel]


@lru_cache(maxsize=256)
def _item_list(schema: type[BaseModel]) -> _ItemList | None:
    """Return the one field of a schema that is nothing but a list of models."""
    if len(schema.model_fields) != 1:
        return None
    [(name, field)] = schema.model_fields.items()
    inner = get_args(field.annotation)
    is_list = get_origin(field.annotation) in (list, tuple) and inner
    if is_list and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return _ItemList(name, inner[0])
    return None


def _storable(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a JSON value with all its text cleaned."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(str(key)): _storable(item) for key, item in value.items()}
    return value


def _problem(error: ValidationError) -> str:
    """Return the first faults in one line, as a correction turn and a ledger can show them."""
    faults = (
        f"{'.'.join(map(str, fault['loc'])) or 'the answer'}: {fault['msg']}" for fault in error.errors()[:3]
    )
    return "; ".join(faults)
