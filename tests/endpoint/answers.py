"""Answers by content: what a request's schema asks for, filled with sentences of the shown passage."""

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tests.endpoint.asked import Asked, sentences_of, shown, without_material
from tests.endpoint.made import maker
from tests.endpoint.spoken import wanted_by

_SCHEMA_IN_PROMPT = re.compile(r"JSON Schema:\n(\{.*\})", re.DOTALL)
_LABEL = re.compile(r"^\W*([A-Z]\d+)\b", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)
_WANTED = re.compile(
    r"\b(?:(?:Write|Give|Make|Ask|Create|Generate|Propose|Choose)\s+(?:up to |a conversation of )?"
    r"|material, )"
    r"(\d+)\b"
)
_CORRECTION = "That answer could not be read"
_DEFAULT_ITEMS = 3
_STEPS = 2
# What the endpoint reads off every page that is to be transcribed.
PAGE = """\
# Notice to passengers

The ferry Sandpiper will not sail between Calder Haven and Tarnside on the last Sunday of November 1988.
The pier at Tarnside is being repaired, and passengers are carried by bus from the Old Quay instead.

| Bus | Leaves at |
| --- | --- |
| First | 08:15 |
| Second | 12:40 |
"""


def answer_to(body: Mapping[str, Any]) -> str:
    """Return the text that answers a chat completion request."""
    schema = wanted_schema(body)
    asked = _asked(body)
    if schema is None:
        return PAGE if shows_picture(body) else asked.sentence(0)
    return orjson.dumps(_Filler(asked, schema).fill(schema, "", 0)).decode()


def shows_picture(body: Mapping[str, Any]) -> bool:
    """Whether the last turn of a request shows a picture."""
    content = body["messages"][-1].get("content") if "messages" in body else None
    return isinstance(content, list) and any("image_url" in part for part in content)


def wanted_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the JSON schema that a request names, be it as a parameter or in its last message."""
    response_format = body.get("response_format") or {}
    if response_format.get("type") == "json_schema":
        schema: dict[str, Any] = response_format["json_schema"]["schema"]
        return schema
    for message in reversed(body["messages"]):
        found = _SCHEMA_IN_PROMPT.search(text_of(message))
        if found:
            shown: dict[str, Any] = orjson.loads(found[1])
            return shown
    return None


def text_of(message: Mapping[str, Any]) -> str:
    """Return a message's text, without its pictures."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def _asked(body: Mapping[str, Any]) -> Asked:
    texts = [text_of(message) for message in body["messages"]]
    if texts[-1].startswith(_CORRECTION):  # asked again for the same answer
        texts = texts[:-2]
    task = without_material(texts[-1])
    parts = shown(texts)
    sentences = [sentence for part in parts for sentence in sentences_of(part)]
    if not sentences:
        sentences = _lines(parts) or sentences_of(max(texts, key=len)) or [" ".join(task.split())[:200]]
    labels = list(dict.fromkeys(_LABEL.findall(task)))
    wanted = _WANTED.search(task)
    return Asked(
        task=task,
        parts=parts,
        sentences=list(dict.fromkeys(sentences)),
        labels=labels,
        numbers=[int(number) for number in _NUMBERED.findall(task)],
        items=len(labels) or (int(wanted[1]) if wanted else _DEFAULT_ITEMS),
        seed=body.get("seed") or 0,
        wanted=wanted_by(task),
        start=zlib.crc32(orjson.dumps([texts, body.get("model")])),
    )


def _lines(parts: list[str]) -> list[str]:
    """Return the lines of material that has no sentences, as that of a table alone."""
    return [line for part in parts for line in part.splitlines() if line.strip()]


class _Filler:
    """Fills a schema by the names and types of its properties."""

    def __init__(self, asked: Asked, schema: Mapping[str, Any]) -> None:
        self._asked = asked
        self._definitions: Mapping[str, Any] = schema.get("$defs", {})

    def fill(self, schema: Mapping[str, Any], name: str, index: int) -> Any:  # noqa: ANN401  # any JSON value
        """Return a value for `schema`, which stands under `name` in the item at `index`."""
        if "$ref" in schema:
            return self.fill(self._definitions[schema["$ref"].rpartition("/")[2]], name, index)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.fill(schema[choice][0], name, index)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        return self._by_type(schema, name, index)

    def _by_type(self, schema: Mapping[str, Any], name: str, index: int) -> Any:  # noqa: ANN401
        match schema.get("type"):
            case "object":
                properties = schema.get("properties", {})
                if make := maker(properties, self._asked):
                    return make(self._asked, index)
                if name == "record":
                    return self._record(list(properties))
                return {key: self.fill(inner, key, index) for key, inner in properties.items()}
            case "array":
                return list(self._list(schema, name, index))
            case "boolean":
                return True
            case "integer" | "number":
                return self._number(schema, name, index)
            case "null":
                return None
        return self._text(name, index)

    def _record(self, names: list[str]) -> dict[str, str]:
        """Return a record whose fields share one sentence out among them."""
        words = self._asked.sentence(0).split()
        size = -(-len(words) // max(1, len(names)))
        return {name: " ".join(words[place * size : (place + 1) * size]) for place, name in enumerate(names)}

    def _list(self, schema: Mapping[str, Any], name: str, index: int) -> Iterator[Any]:
        inner = schema.get("items", {})
        is_object = "$ref" in inner or inner.get("type") == "object"
        wanted = self._asked.items
        if is_object and self._asked.numbers and not self._asked.labels:
            wanted = len(self._asked.numbers)
        least = _STEPS if name == "steps" else 1
        size = wanted if is_object else max(least, schema.get("minItems", 1))
        for number in range(size):
            yield self.fill(inner, name, number if is_object else index + number)

    def _number(self, schema: Mapping[str, Any], name: str, index: int) -> float:
        if "minimum" in schema and "maximum" in schema:
            low, high = schema["minimum"], schema["maximum"]
            share = low + (high - low) * 0.75
            return round(share) if schema["type"] == "integer" else float(share)
        numbers = self._asked.numbers
        return numbers[index] if index < len(numbers) else index + 1

    def _text(self, name: str, index: int) -> str:
        sentence = self._asked.sentence(index)
        if "question" in name or name == "instruction":
            return self._asked.question(sentence)
        if name in ("answer", "text", "steps"):
            return self._asked.said(sentence)
        if name in ("kind", "label"):
            labels = self._asked.labels
            return labels[index] if index < len(labels) else "fact"
        return sentence
