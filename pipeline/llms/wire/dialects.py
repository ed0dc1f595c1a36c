"""Which parameters each endpoint takes: by its preset, by what was found out before, by what it says now."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.llms.wire.body import Dialect, MaxTokensParameter, Structured
from pipeline.user_cache import user_cache

_WEAKER: Mapping[Structured, Structured] = {"json_schema": "json_object", "json_object": "prompt"}
_OTHER_LIMIT: Mapping[str, MaxTokensParameter] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
SAMPLING = frozenset({"temperature", "top_p", "seed"})
_MISSES = 3
_log = logging.getLogger("tunesmith")


class Known(BaseModel):
    """What was found out about a model at an endpoint. None is not known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    dialect: Dialect
    images: bool | None = None
    window: int | None = None


class _File(BaseModel):
    known: dict[str, Known] = {}


class Dialects:
    """How to speak to each model at each endpoint. What is learnt is remembered across runs."""

    def __init__(self, start: Dialect, *, fixed: bool, remembered: Mapping[str, Known]) -> None:
        self._start = start
        self._fixed = fixed
        self._remembered = remembered
        self._now: dict[str, Dialect] = {}
        self._misses: dict[str, int] = {}

    def of(self, base_url: str, model: str) -> Dialect:
        """Return how to ask `model`."""
        place = _place(base_url, model)
        if place not in self._now:
            known = self._remembered.get(place)
            dialect = known.dialect if known else self._start
            if self._fixed:
                dialect = replace(dialect, structured=self._start.structured)
            self._now[place] = dialect
        return self._now[place]

    def refused(self, base_url: str, model: str, parameter: str, asked: Dialect) -> bool:
        """Note that an endpoint does not take a parameter. Return whether there is another way to ask."""
        place, dialect = _place(base_url, model), self.of(base_url, model)
        if dialect != asked:
            return True  # another request has found the other way meanwhile
        if parameter in _OTHER_LIMIT:
            if self._misses.get(place + parameter):
                return False
            self._misses[place + parameter] = 1
            other = replace(dialect, max_tokens_parameter=_OTHER_LIMIT[dialect.max_tokens_parameter])
        elif parameter in SAMPLING:
            if parameter in dialect.left_out:
                return False
            _log.warning("%s does not take %s, which is left out", model, parameter)
            other = replace(dialect, left_out=(*dialect.left_out, parameter))
        elif not self._fixed and dialect.structured in _WEAKER:
            other = replace(dialect, structured=_WEAKER[dialect.structured])
        else:
            return False
        self._now[place] = other
        known = remembered().get(place) or Known(dialect=other)
        remember(base_url, model, known.model_copy(update={"dialect": other}))
        return True

    def heard(self, base_url: str, model: str, *, json: bool) -> None:
        """Note whether an answer was JSON as asked. Three others at the start: the prompt must say it."""
        place = _place(base_url, model)
        misses = self._misses.get(place, 0)
        if json or misses < 0:
            self._misses[place] = -1
            return
        self._misses[place] = misses + 1
        if misses + 1 >= _MISSES and not self._fixed:
            self._now[place] = replace(self.of(base_url, model), structured="prompt")


def remembered() -> Mapping[str, Known]:
    """Return what earlier runs and `tunesmith doctor` found out; nothing where the file cannot be read."""
    try:
        return _File.model_validate_json(_file().read_bytes()).known
    except (OSError, ValidationError):
        return {}


def remember(base_url: str, model: str, known: Known) -> None:
    """Keep what was found out for later runs. A home that cannot be written forgets it, and that is all."""
    path = _file()
    content = _File(known={**remembered(), _place(base_url, model): known}).model_dump_json(indent=2)
    aside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(content, encoding="utf-8")
        aside.replace(path)
    except OSError:
        return


def _place(base_url: str, model: str) -> str:
    return f"{base_url.rstrip('/')} {model}"


def _file() -> Path:
    return user_cache() / "endpoints.json"
