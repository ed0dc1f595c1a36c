"""Rewards of the simulated endpoint: high where the answer's words and figures stand in what was shown."""

import math
import re
from collections.abc import Mapping
from typing import Any

import orjson

ROUTES = ("/score", "/classify", "/pooling")
_WORD = re.compile(r"\w+")
_MOST = 4.0


def rated_texts(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a request shows, and the answer that it wants rated."""
    if "messages" in body:
        *shown, answer = (str(message["content"]) for message in body["messages"])
        return "\n".join(shown), answer
    return str(body["text_1"]), str(body["text_2"])


def rewards_of(route: str, body: Mapping[str, Any], fault: str) -> bytes:
    """Return what a server of reward models says, as JSON; NaN stands in it as some servers write it."""
    shown, answer = rated_texts(body)
    value = _logit(shown, answer)
    if body.get("use_activation", True):
        value = 1 / (1 + math.exp(-value))
    data = _data(route, [value], fault)
    usage = {"prompt_tokens": len(shown + answer) // 4, "total_tokens": len(shown + answer) // 4}
    said = {"object": "list", "model": body.get("model", "simulated"), "data": data, "usage": usage}
    return orjson.dumps(said).replace(b'"NaN"', b"NaN")


def _logit(shown: str, answer: str) -> float:
    """Return -4 for an answer of which nothing was shown, 4 for one that all was shown of."""
    words = set(_WORD.findall(answer.lower()))
    strange = words - set(_WORD.findall(shown.lower()))
    if any(word[0].isdigit() for word in strange):
        return -_MOST
    return _MOST - 2 * _MOST * len(strange) / max(1, len(words))


def _data(route: str, values: list[Any], fault: str) -> list[dict[str, Any]]:
    match fault:
        case "malformed":
            values = ["NaN"]
        case "wrong_schema":
            values = ["good"]
        case "empty":
            return []
        case "hostile_text":
            values = values * 3
    item: dict[str, Any] = {"index": 0}
    if route == "/score":
        item |= {"object": "score", "score": values[0] if len(values) == 1 else values}
    elif route == "/classify":
        item |= {"label": "LABEL_0", "probs": values, "num_classes": len(values)}
    else:
        item |= {"object": "pooling", "data": values}
    return [item]
