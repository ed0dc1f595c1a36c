"""What a run says of itself to machines: a JSON object per event, on standard error.

Events go through the logger `tunesmith`, so that whoever embeds this may listen too.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import orjson

_LOG = logging.getLogger("tunesmith")


def event(name: str, **facts: object) -> None:
    """Log an event with its facts: numbers and words that JSON can hold."""
    _LOG.info(name, extra={"facts": facts})


@contextmanager
def json_lines() -> Iterator[None]:
    """Write every event, a line of JSON each, to standard error until the block ends.

    The root logger does not hear of them meanwhile: Prefect's would print each a second time.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLine())
    level, propagate = _LOG.level, _LOG.propagate
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)
        _LOG.propagate = propagate


class _JsonLine(logging.Formatter):
    """A record as one line of JSON: time, level, event, and the event's facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        return orjson.dumps(line | getattr(record, "facts", {})).decode()
