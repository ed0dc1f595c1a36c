"""Croissant metadata: a dataset described for machines, after the Croissant format specification 1.0."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import orjson

from schemas.manifest import DatasetFile
from schemas.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

# The specification's own context, shortened to the terms that are used here.
_CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "recordSet": "cr:recordSet",
    "field": "cr:field",
    "subField": "cr:subField",
    "source": "cr:source",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "includes": "cr:includes",
    "extract": "cr:extract",
    "column": "cr:column",
    "repeated": "cr:repeated",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}
_ENCODINGS = {".parquet": "application/x-parquet", ".gz": "application/gzip", ".zst": "application/zstd"}
_LINES = "application/jsonlines"


def croissant(name: str, settings: Settings, files: Sequence[DatasetFile], schema: "pa.Schema | None") -> str:
    """Return the text of `croissant.json`: the files with their checksums, and each split's columns.

    Splits have no columns where `schema` is None: their rows are of no one type.
    """
    splits = list(dict.fromkeys(file.split for file in files))
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": f"Rows in the {settings.format} format, made from documents by tunesmith.",
        "license": settings.output.license,
        "distribution": [_file_object(file) for file in files]
        + [_file_set(split, files) for split in splits],
        "recordSet": [] if schema is None else [_record_set(split, schema) for split in splits],
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _file_object(file: DatasetFile) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _encoding(file.path),
        "sha256": file.sha256,
    }


def _file_set(split: str, files: Sequence[DatasetFile]) -> dict[str, object]:
    first = next(file.path for file in files if file.split == split)
    ending = first.partition(".")[2]
    return {
        "@type": "cr:FileSet",
        "@id": f"{split}-files",
        "name": f"{split}-files",
        "encodingFormat": _encoding(first),
        "includes": f"{split}-*.{ending}",
    }


def _encoding(path: str) -> str:
    return next((said for ending, said in _ENCODINGS.items() if path.endswith(ending)), _LINES)


def _record_set(split: str, schema: "pa.Schema") -> dict[str, object]:
    fields = [_field(column, f"{split}/{column.name}", split, column.name) for column in schema]
    return {"@type": "cr:RecordSet", "@id": split, "name": split, "field": fields}


def _field(column: "pa.Field", id_: str, split: str, top: str) -> dict[str, object]:
    """Return a column, or a part of the column `top`."""
    import pyarrow as pa

    kind, repeated = column.type, pa.types.is_list(column.type)
    while pa.types.is_list(kind):
        kind = kind.value_type
    field: dict[str, object] = {"@type": "cr:Field", "@id": id_, "name": id_.removeprefix(f"{split}/")}
    field["source"] = {"fileSet": {"@id": f"{split}-files"}, "extract": {"column": top}}
    if repeated:
        field["repeated"] = True
    if pa.types.is_struct(kind):
        field["subField"] = list(_parts(kind, id_, split, top))
    else:
        field["dataType"] = _data_type(kind)
    return field


def _parts(kind: "pa.DataType", id_: str, split: str, top: str) -> Iterator[dict[str, object]]:
    for part in kind:
        yield _field(part, f"{id_}/{part.name}", split, top)


def _data_type(kind: "pa.DataType") -> str:
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(kind) else "sc:Text"
