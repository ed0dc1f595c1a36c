"""What response headers say of limits. Dates are not trusted more than they must: clocks differ."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Literal

_MAX_WAIT_S = 3600.0
_PART = re.compile(r"([\d.]+)\s*(ms|us|s|m|h|d)")
_EPOCH_S, _EPOCH_MS = 1e9, 1e12  # larger numbers are moments, in seconds or milliseconds since 1970
# What is left, and when it is whole again, as OpenAI and Groq, Cerebras, and Together and OpenRouter name it.
_LEFT: Mapping["Limited", tuple[tuple[str, str], ...]] = {
    "requests": (
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-requests-day", "x-ratelimit-reset-requests-day"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ),
    "tokens": (
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("x-ratelimit-remaining-tokens-minute", "x-ratelimit-reset-tokens-minute"),
        ("x-tokenlimit-remaining", "x-ratelimit-reset"),
    ),
}
_UNIT_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


Limited = Literal["requests", "tokens"]


@dataclass(frozen=True, slots=True)
class Headroom:
    """What is left of a limit, and in how many seconds it is whole again."""

    remaining: float
    reset_s: float


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the wait that a server asks for, in seconds, None where it does not."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, _MAX_WAIT_S)
    value = headers.get("retry-after")
    if value is None:
        return None
    seconds = _number(value)
    return min(seconds, _MAX_WAIT_S) if seconds is not None else _until(value)


def headroom(headers: Mapping[str, str], of: Limited) -> Headroom | None:
    """Return what is left of a limit, None where nothing says so."""
    for left, reset in _LEFT[of]:
        remaining = _number(headers.get(left))
        if remaining is not None:
            return Headroom(remaining, min(duration_s(headers.get(reset, "")), _MAX_WAIT_S))
    return None


def duration_s(text: str) -> float:
    """Return `1.5`, `20ms` or `6m0s` in seconds, from now on for a moment; 1 where it cannot be read."""
    seconds = _number(text)
    if seconds is not None and seconds > _EPOCH_S:
        return max(0.0, (seconds / 1000 if seconds > _EPOCH_MS else seconds) - time.time())
    if seconds is not None:
        return seconds
    parts = _PART.findall(text)
    return sum(float(number) * _UNIT_S[unit] for number, unit in parts) if parts else 1.0


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else None
    except ValueError:
        return None
    return max(0.0, number) if number is not None and isfinite(number) else None


def _until(date: str) -> float | None:
    try:
        when = parsedate_to_datetime(date)
    except ValueError:
        return None
    return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), _MAX_WAIT_S)
