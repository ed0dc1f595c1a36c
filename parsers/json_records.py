"""JSON records with their text in a named field."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from parsers.draft import Draft
from parsers.encoding import clean, decode
from parsers.text import add_plain_text
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Metadata, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_TITLES = ("title", "headline", "name")


def parse_json(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the text of a record, or of several one after the other, each under its title.

    `options.text_field` names the field; dots lead into nested objects and lists.
    """
    draft = Draft()
    records = list(_records(decode(content), source.uri))
    for record in records:
        text = _field(record, options.text_field)
        if text is None:
            keys = (
                ", ".join(sorted(map(str, record))[:12])
                if isinstance(record, dict)
                else type(record).__name__
            )
            detail = f"no text in field '{options.text_field}' (parse.text_field); there are: {keys}"
            raise UnreadableDocument(source.uri, "no_text_field", detail)
        if title := _title(record):
            draft.add(BlockKind.HEADING, title, level=1)
        add_plain_text(draft, clean(text))
    title = _title(records[0]) if len(records) == 1 else ""
    return draft.document(source, metadata=Metadata(title=title))


def _records(text: str, uri: str) -> Iterator[Any]:
    """Yield the objects of one JSON value, or of JSON lines."""
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as whole:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            yield from [json.loads(line) for line in lines] if len(lines) > 1 else _fail(uri, whole)
        except json.JSONDecodeError as error:
            _fail(uri, error)
    else:
        yield from loaded if isinstance(loaded, list) else [loaded]


def _fail(uri: str, error: json.JSONDecodeError) -> list[Any]:
    detail = f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
    raise UnreadableDocument(uri, "damaged", detail) from error


def _field(record: Any, path: str) -> str | None:  # noqa: ANN401  # any JSON value
    """Return the text under a path, of a list all texts, also where the path leads through it."""
    name, _, rest = path.partition(".")
    if isinstance(record, list) and not name.isdecimal():
        return _joined(_field(item, path) for item in record)
    inner = _item(record, name)
    if rest and not isinstance(inner, str):
        return _field(inner, rest)
    if isinstance(inner, list):
        return _joined(item if isinstance(item, str) else None for item in inner)
    return inner if isinstance(inner, str) and not rest else None


def _item(record: Any, name: str) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(record, list):
        return record[int(name)] if len(name) < 9 and int(name) < len(record) else None
    return record.get(name) if isinstance(record, dict) else None


def _joined(texts: Iterable[str | None]) -> str | None:
    found = [text for text in texts if text is not None]
    return "\n\n".join(found) if found else None


def _title(record: Any) -> str:  # noqa: ANN401  # any JSON value
    titles = (record.get(name) for name in _TITLES)
    return next((" ".join(clean(title).split()) for title in titles if isinstance(title, str)), "")


parsers.add(
    "json",
    ParserEntry(
        parse_json,
        ("application/json", "application/jsonl"),
        (".json", ".jsonl", ".ndjson"),
        "records with a named text field",
    ),
)
