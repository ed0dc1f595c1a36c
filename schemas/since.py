"""Points in time as people name them: a date, a time, or how long ago."""

import re
from datetime import date, datetime, timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def length_of(text: str) -> timedelta | None:
    """Return the length of `90s`, `30m`, `6h`, `1d` or `2w`, None for anything else, or nothing at all."""
    match = re.fullmatch(r"(\d+)\s*([smhdw])", text.strip().lower())
    if not match or not int(match[1]):
        return None
    try:
        return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    except OverflowError:
        return None


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment that a date, a time or a length before `now` names, in local time where it says none.

    Raises:
        ValueError: it is none of these.
    """
    try:
        length = length_of(text)
        return now - length if length else datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"wants a date, a time or a length, as in 2026-01-31, 2026-01-31T06:00 or 7d (got {text!r})"
        ) from None


def as_text(value: object) -> object:
    """Return a date or time, as YAML reads one, as text."""
    return value.isoformat() if isinstance(value, date) else value


def named_moment(text: str | None) -> str | None:
    """Let through what `moment_of` can read.

    Raises:
        ValueError: it cannot.
    """
    if text is not None:
        moment_of(text, datetime.now().astimezone())
    return text
