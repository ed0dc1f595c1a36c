"""What a model is expected to answer, before one is asked: so many items, in sentences of the passage."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import orjson
from pydantic import ValidationError

from pipeline.follow_ups import Packed
from pipeline.tokens import TokenEstimate
from schemas.documents import Passage
from schemas.requests import Completion, Failure, FailureReason, Reply, Request, schema_json

_SENTENCE = re.compile(r"[^\s.!?।؟|#*<>][^.!?।؟\n|<>]{20,300}[.!?।؟](?=\s|$)")
_MOST_QUOTED = 4
_SEVERAL = {"steps": 2, "distractors": 3}
_QUESTION_WORDS = 6
_WRITTEN_OUT = ("answer", "text", "translation", "chosen", "rejected", "reasoning")
_WORDS = ("kind", "label", "style", "name", "title", "right", "wrong", "strategy", "letters")
_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """A reply that nobody gave, as one that was received, and how long a real one is expected to be.

    It is a failure where nothing fits the schema, as one of others' may ask for.
    """

    completion: Completion
    tokens: int


def expected(request: Request, estimate: TokenEstimate) -> Expected:
    """Return what a request is expected to bring.

    Its length is what the recipe says; without a word from there, that of an answer whose texts are a
    sentence each, as many quotes as there are passages, and as many items as are asked for.
    """
    writing = _Writing(request)
    said = writing.answer()
    tokens = estimate.count(said)
    wanted = request.answer_tokens
    if wanted is not None and wanted > tokens:
        said = writing.longer(wanted, tokens, estimate).answer()
    most = request.sampling.max_output_tokens
    tokens = tokens if wanted is None else wanted
    return Expected(_received(request, said), tokens if most is None else min(tokens, most))


def _received(request: Request, said: str) -> Completion:
    schema = request.answer_schema
    try:
        answer = None if schema is None else schema.model_validate_json(said)
    except ValidationError as error:
        return Failure(request.id, FailureReason.MALFORMED, str(error))
    return Reply(request.id, said, request.sampling.model, answer)


class _Writing:
    """Fills a request's schema by the names and types of its properties."""

    def __init__(self, request: Request, items: int = 1, sentences: int = 1) -> None:
        self._request = request
        self._items = max(request.count, items)
        self._sentences = sentences
        self._lists = 0
        self._quoted = [own for passage in _quoted(request) if (own := _sentences_of(passage))]
        self._all = list(chain.from_iterable(self._quoted)) or _found(request.messages[-1].content)[:20]
        self._turn = int(request.id[:8], 16) + (request.sampling.seed or 0)
        self._definitions: Mapping[str, Any] = {}
        self.written_out = 0

    def answer(self) -> str:
        """Return the whole answer."""
        if self._request.answer_schema is None:
            return self._written(0)
        schema = orjson.loads(schema_json(self._request.answer_schema))
        self._definitions = schema.get("$defs", {})
        return orjson.dumps(self._value(schema, "", 0)).decode()

    def longer(self, wanted: int, tokens: int, estimate: TokenEstimate) -> "_Writing":
        """Return what answers in `wanted` tokens rather than `tokens`.

        Where a single sample is a list, as of turns, that is longer; else what is written out is.
        """
        if self._lists and self._items == 1:
            return _Writing(self._request, items=round(wanted / max(1, tokens)))
        sentence = max(1, estimate.count(self.sentence(0)))
        quotes = (_MOST_QUOTES - 1) * self._items if self._lists else 0
        more = max(0.0, (wanted - tokens) / sentence - quotes) / max(1, self.written_out)
        return _Writing(self._request, sentences=1 + round(more))

    def sentence(self, index: int) -> str:
        """Return one of the passages' sentences, another for each index."""
        return self._all[(self._turn + index) % len(self._all)]

    def _value(self, schema: Mapping[str, Any], name: str, index: int) -> Any:  # noqa: ANN401  # JSON
        if "$ref" in schema:
            return self._value(self._definitions[schema["$ref"].rpartition("/")[2]], name, index)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._value(schema[choice][0], name, index)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type"):
            case "object":
                properties: Mapping[str, Any] = schema.get("properties", {})
                return {key: self._value(inner, key, index) for key, inner in properties.items()}
            case "array":
                return list(self._list(schema, name, index))
            case "boolean":
                return True
            case "integer" | "number":
                return self._number(schema, index)
            case "null":
                return None
        return self._text(name, index)

    def _list(self, schema: Mapping[str, Any], name: str, index: int) -> Iterator[Any]:
        inner = schema.get("items", {})
        if "$ref" in inner or inner.get("type") == "object":
            self._lists += 1
            for number in range(max(self._items, schema.get("minItems", 0))):
                yield self._value(inner, name, number)
        elif name in ("evidence", "quotes"):
            quotes = min(_MOST_QUOTES, self._sentences) if len(self._quoted) < 2 else 1
            for own in self._quoted or [self._all]:
                yield from (own[(self._turn + index + number) % len(own)] for number in range(quotes))
        else:
            least = _SEVERAL.get(name, 1)
            size = min(max(least, schema.get("minItems", 0)), schema.get("maxItems", least))
            for number in range(size):
                yield self._value(inner, name, index + number)

    def _number(self, schema: Mapping[str, Any], index: int) -> float:
        low, high = schema.get("minimum", index + 1), schema.get("maximum", index + 1)
        middle = float(low + (high - low) / 2)
        return round(middle) if schema["type"] == "integer" else middle

    def _text(self, name: str, index: int) -> str:
        if "question" in name or name in ("instruction", "standalone"):
            subject = " ".join(self.sentence(index).split()[:_QUESTION_WORDS])
            return f"What holds {index + 1} for {subject}?"
        if name in _WORDS:
            return "plain"
        return self._written(index) if name in _WRITTEN_OUT else self.sentence(index)

    def _written(self, index: int) -> str:
        self.written_out += 1
        return " ".join(self.sentence(index + number) for number in range(self._sentences))


def _quoted(request: Request) -> Iterable[Passage]:
    """Return the passages that an answer quotes: all of a few, of a pack the one that is asked about."""
    shown: Sequence[Passage] = request.passages
    if isinstance(request, Packed):
        shown = [*shown[request.number :], *shown[: request.number]][:2]
    return islice(shown, _MOST_QUOTED)


@lru_cache(maxsize=512)
def _found(text: str) -> list[str]:
    found = [match[0] for match in _SENTENCE.finditer(text)]
    return found or [line.strip() for line in text.splitlines() if line.strip()]


def _sentences_of(passage: Passage) -> list[str]:
    """Return the sentences of a passage, of a very long one those that it begins with."""
    return _found(passage.text[:20_000])
