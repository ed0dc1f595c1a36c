"""JSON values in messy text: strict first, then the usual slips mended, a library last.

A value that the text does not finish is never completed: of a list, the whole items count.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MOST_REPAIRED = 200_000  # characters
_DEEPEST = 50
_FENCE = re.compile(r"```[ \t]*[\w+-]*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_SMART = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_LENIENT = json.JSONDecoder(strict=False)
_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*[\]}}])", re.DOTALL)
_LITERAL = re.compile(rf"({_STRING})|\b(True|False|None|NaN|undefined)\b", re.DOTALL)
_JSON_WORD = {"True": "true", "False": "false", "None": "null", "NaN": "null", "undefined": "null"}


@dataclass(frozen=True, slots=True)
class Found:
    """A value and how it was had. `whole` is False where the text broke off inside it."""

    value: Any
    mended: bool = False
    whole: bool = True


def values_in(text: str) -> Iterator[Found]:
    """Yield the JSON values that `text` may mean, the most faithful readings first."""
    stretches = list(dict.fromkeys([*(match[1].strip() for match in _FENCE.finditer(text)), text.strip()]))
    for stretch in stretches:
        yield from (Found(value) for value in _strict_values(stretch))
    for stretch in stretches:
        yield from _mended_values(stretch)
    for stretch in stretches:
        yield from _repaired_values(stretch)


def _strict_values(text: str) -> list[Any]:
    """Return all whole values in `text`, the outermost ones: several first as one list, then each."""
    values: list[Any] = []
    position = 0
    while (start := _next_opening(text, position)) >= 0:
        try:
            value, position = _LENIENT.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = _end_of_value(text, start)
            position = end if end else start + 1
            if not end:
                break
            continue
        values.append(value)
    return [values, *values] if len(values) > 1 else values


def _next_opening(text: str, position: int) -> int:
    found = [at for at in (text.find("{", position), text.find("[", position)) if at >= 0]
    return min(found, default=-1)


def _end_of_value(text: str, start: int) -> int:
    """Return where the brackets opened at `start` are closed again, 0 where they are not."""
    depth, inside, escaped = 0, False, False
    for at in range(start, len(text)):
        character = text[at]
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
    return 0


def _is_deep(text: str) -> bool:
    """Whether brackets stand in one another as in no answer: the library takes a second for 10 kB of them."""
    depth = 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        if depth > _DEEPEST:
            return True
    return False


def _mended_values(text: str) -> Iterator[Found]:
    start = _next_opening(text, 0)
    if start < 0:
        return
    for reading in dict.fromkeys((text, text.translate(_SMART))):
        end = _end_of_value(reading, start) or max(reading.rfind("}"), reading.rfind("]")) + 1
        stretch = reading[start:end]
        for value in _strict_values(_mend(stretch)):
            yield Found(value, mended=True)
        try:
            yield Found(ast.literal_eval(stretch), mended=True)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue


def _mend(text: str) -> str:
    """Return `text` without comments and trailing commas, with JSON's own words for constants."""
    bare = _COMMENT.sub(lambda match: match[1] or "", text)
    bare = _LITERAL.sub(lambda match: match[1] or _JSON_WORD[match[2]], bare)
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", bare)


def _repaired_values(text: str) -> Iterator[Found]:
    from json_repair import repair_json

    start = _next_opening(text, 0)
    if start < 0 or len(text) - start > _MOST_REPAIRED or _is_deep(text):
        return
    whole = bool(_end_of_value(text, start))
    try:
        value = repair_json(text[start:], return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict | list):
        yield Found(value, mended=True, whole=whole)
