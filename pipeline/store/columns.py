"""The house's frozen dataclasses as typed Arrow columns, and back, without loss.

Works on whole columns, one field of all values at a time, since building a dictionary per value is several
times slower for documents with their many blocks.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from enum import StrEnum
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc

from schemas.text import whole_text

PLAIN: dict[type, pa.DataType] = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.binary(),
}


class Codec(Protocol):
    """Turns values of one Python type into an Arrow array and back. `None` is null everywhere."""

    arrow_type: pa.DataType

    def encode(self, values: Sequence[Any]) -> pa.Array:
        """Return the values as one array."""
        ...

    def decode(self, array: pa.Array) -> list[Any]:
        """Return the array's values."""
        ...


class Plain:
    """Numbers, truth values and bytes."""

    def __init__(self, arrow_type: pa.DataType) -> None:
        self.arrow_type = arrow_type

    def encode(self, values: Sequence[Any]) -> pa.Array:
        """Return the values as one array."""
        return pa.array(values, self.arrow_type)

    def decode(self, array: pa.Array) -> list[Any]:
        """Return the array's values."""
        return list(array.to_pylist())


class Text:
    """Strings. A lone surrogate becomes U+FFFD, because no Arrow or Parquet string can hold it."""

    arrow_type = pa.string()

    def encode(self, values: Sequence[str | None]) -> pa.Array:
        """Return the values as one array."""
        try:
            return pa.array(values, self.arrow_type)
        except UnicodeEncodeError:
            whole = [None if value is None else whole_text(value) for value in values]
            return pa.array(whole, self.arrow_type)

    def decode(self, array: pa.Array) -> list[str | None]:
        """Return the array's values."""
        return list(array.to_pylist())


class Word:
    """The words of an enumeration, as strings."""

    arrow_type = pa.string()

    def __init__(self, enumeration: type[StrEnum]) -> None:
        self._members: dict[str | None, StrEnum | None] = {None: None}
        self._members.update({member.value: member for member in enumeration})

    def encode(self, values: Sequence[StrEnum | None]) -> pa.Array:
        """Return the values as one array."""
        return pa.array([None if value is None else value.value for value in values], self.arrow_type)

    def decode(self, array: pa.Array) -> list[StrEnum | None]:
        """Return the array's values."""
        return [self._members[value] for value in array.to_pylist()]


class Items:
    """Tuples of any length whose items are of one type."""

    def __init__(self, item: Codec) -> None:
        self._item = item
        self.arrow_type = pa.list_(item.arrow_type)

    def encode(self, values: Sequence[tuple[Any, ...] | None]) -> pa.Array:
        """Return the values as one array."""
        ends = accumulate((len(value or ()) for value in values), initial=0)
        flat = [item for value in values if value for item in value]
        missing = pa.array([value is None for value in values], pa.bool_())
        offsets = pa.array(list(ends), pa.int32())
        return pa.ListArray.from_arrays(offsets, self._item.encode(flat), mask=missing)

    def decode(self, array: pa.Array) -> list[tuple[Any, ...] | None]:
        """Return the array's values."""
        lengths = pc.list_value_length(array).to_pylist()
        flat = self._item.decode(array.flatten())
        bounds = pairwise(accumulate((length or 0 for length in lengths), initial=0))
        return [
            None if length is None else tuple(flat[start:end])
            for length, (start, end) in zip(lengths, bounds, strict=True)
        ]


class Shape:
    """Frozen dataclasses, as structs with a child per field."""

    def __init__(self, cls: type, codecs: dict[str, Codec]) -> None:
        self._cls, self.codecs = cls, codecs
        self.arrow_type = pa.struct([(name, codec.arrow_type) for name, codec in codecs.items()])

    def encode(self, values: Sequence[Any]) -> pa.Array:
        """Return the values as one array."""
        missing = pa.array([value is None for value in values], pa.bool_())
        children = [codec.encode(_each(values, attrgetter(name))) for name, codec in self.codecs.items()]
        return pa.StructArray.from_arrays(children, fields=list(self.arrow_type), mask=missing)

    def decode(self, array: pa.Array) -> list[Any]:
        """Return the array's values."""
        names = [field.name for field in array.type]
        children = dict(zip(names, array.flatten(), strict=True))
        return self.values(children, array.is_valid().to_pylist())

    def values(self, children: Mapping[str, pa.Array], present: Sequence[bool]) -> list[Any]:
        """Return the values whose fields have these columns, None where one is not `present`.

        A field that has no column is newer than the file, and has its default.

        Raises:
            KeyError: it has none.
        """
        columns = [
            codec.decode(children[name]) if name in children else [_default(self._cls, name)] * len(present)
            for name, codec in self.codecs.items()
        ]
        return [
            self._cls(*row) if here else None
            for here, row in zip(present, zip(*columns, strict=True), strict=True)
        ]


def _default(cls: type[Any], name: str) -> object:
    field = cls.__dataclass_fields__[name]
    if field.default is not MISSING:
        return field.default
    if field.default_factory is not MISSING:
        return field.default_factory()
    raise KeyError(name)


def _each(values: Sequence[Any], read: Callable[[Any], object]) -> list[Any]:
    return [None if value is None else read(value) for value in values]


def shape_of(cls: type[Any]) -> Shape:
    """Return the codec of a dataclass, made from the annotations of what it is built with, in order."""
    hints = get_type_hints(cls)
    return Shape(cls, {field.name: codec_of(hints[field.name]) for field in fields(cls) if field.init})


def codec_of(annotation: Any) -> Codec:  # noqa: ANN401  # any annotation of a field may come
    """Return the codec of a field's type.

    Raises:
        TypeError: no column can hold it.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        [annotation] = [argument for argument in arguments if argument is not types.NoneType]
        return codec_of(annotation)
    if origin is tuple and arguments[1:] == (...,):
        return Items(codec_of(arguments[0]))
    if annotation is str or origin is Literal:
        return Text()
    if annotation in PLAIN:
        return Plain(PLAIN[annotation])
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Word(annotation)
    if isinstance(annotation, type) and hasattr(annotation, "__dataclass_fields__"):
        return shape_of(annotation)
    raise TypeError(f"no column can hold {annotation}")
