"""Tokens as the simulated engine counts them: seven letters, three digits, two marks, and pictures' tiles."""

import re
from base64 import b64decode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipeline.pictures import picture_tokens
from schemas.requests import Image

_PIECE = re.compile(r"\d{1,3}|[^\W\d]{1,7}|[^\w\s]{1,2}")
BLOCK_CHARACTERS = 256


def count(text: str) -> int:
    """Return the tokens of `text`."""
    return _counted_once(text) if len(text) > 2000 else len(_PIECE.findall(text))


def of_turn(message: Mapping[str, Any]) -> int:
    """Return the tokens of one turn, its pictures and the template's marks included."""
    content = message.get("content") or ""
    parts = [{"text": content}] if isinstance(content, str) else content
    return 4 + sum(
        _of_picture(part) if "image_url" in part else count(part.get("text", "")) for part in parts
    )


def _of_picture(part: Mapping[str, Any]) -> int:
    head, _, encoded = part["image_url"]["url"].partition(",")
    return picture_tokens(Image(head, b64decode(encoded)))


@lru_cache(maxsize=64)
def _counted_once(text: str) -> int:
    return len(_PIECE.findall(text))
