"""A dataset's columns in the words of Hugging Face dataset cards.

Without them `datasets` infers the types of JSON lines from the first block, and fails on what comes later.
"""

from typing import TYPE_CHECKING

from output.images import image_type

if TYPE_CHECKING:
    import pyarrow as pa

_NAMES = {"double": "float64"}


def card_features(schema: "pa.Schema") -> list[dict[str, object]]:
    """Return the `features` of a dataset card, a mapping per column."""
    return [_named(field) for field in schema]


def _named(field: "pa.Field") -> dict[str, object]:
    return {"name": field.name, **_typed(field.type)}


def _typed(kind: "pa.DataType") -> dict[str, object]:
    import pyarrow as pa

    if kind == image_type():
        return {"dtype": "image"}
    if pa.types.is_list(kind):
        return {"list": _item(kind.value_type)}
    if pa.types.is_struct(kind):
        return {"struct": [_named(field) for field in kind]}
    return {"dtype": _NAMES.get(str(kind), str(kind))}


def _item(kind: "pa.DataType") -> object:
    """Return what a list holds: a word for plain types and images, columns for structs."""
    typed = _typed(kind)
    return typed.get("dtype") or typed.get("struct") or typed
