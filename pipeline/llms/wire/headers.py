"""What response headers say of limits. Dates are not trusted more than they must: clocks differ."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_WAIT_S = 3600.0
_PART = re.compile(r"([\d.]+)\s*(ms|us|s|m|h|d)")
_UNIT_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


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


def headroom(headers: Mapping[str, str], of: str) -> Headroom | None:
    """Return what is left of the limit `of` ("requests" or "tokens"), None where nothing says so."""
    remaining = _number(headers.get(f"x-ratelimit-remaining-{of}"))
    if remaining is None:
        return None
    return Headroom(remaining, min(duration_s(headers.get(f"x-ratelimit-reset-{of}", "")), _MAX_WAIT_S))


def duration_s(text: str) -> float:
    """Return `1.5`, `20ms` or `6m0s` in seconds; 1 where it cannot be read."""
    seconds = _number(text)
    if seconds is not None:
        return seconds
    parts = _PART.findall(text)
    return sum(float(number) * _UNIT_S[unit] for number, unit in parts) if parts else 1.0


def _number(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text is not None else None
    except ValueError:
        return None


def _until(date: str) -> float | None:
    try:
        when = parsedate_to_datetime(date)
    except ValueError:
        return None
    return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), _MAX_WAIT_S)
