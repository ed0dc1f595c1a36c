"""What an endpoint's lists say: its models, their windows, and whether it has batches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import orjson

from pipeline.llms.wire.connection import Connection, EndpointTrouble, connect
from schemas.settings import Endpoint

_TIMEOUT_S = 20.0
_NOT_THERE = (404, 405, 501)
# vLLM and SGLang, Together and OpenRouter, Groq, Mistral, LM Studio's own list (what is loaded goes first).
_WINDOW = ("max_model_len", "loaded_context_length", "context_length", "context_window", "max_context_length")
# Beside /v1: llama.cpp, LM Studio, and Ollama's list of what is loaded.
_OWN_PAGES = ("props", "api/v0/models", "api/ps")


@dataclass(frozen=True, slots=True)
class Listed:
    """A model as lists have it. `near` are others that may have been meant, where it is in none.

    `ends` is the day from which it is no longer served, as OpenAI's list tells it; empty where none is told.
    """

    window: int | None = None
    near: tuple[str, ...] = ()
    ends: str = ""


async def listed_model(connection: Connection, model: str) -> Listed:
    """Return what the list of models says of `model`."""
    entries = tuple(_entries(await _page(connection, "models")))
    for entry in entries:
        if entry.get("id") == model:
            told = entry.get("shutdown_date")
            return Listed(_window_in(entry), ends=told if isinstance(told, str) else "")
    names = [str(entry.get("id")) for entry in entries]
    return Listed(near=tuple(get_close_matches(model, names, n=3, cutoff=0.3)))


async def own_window(endpoint: Endpoint, model: str) -> int | None:
    """Return the window that a local server tells on pages of its own; its list of models may not."""
    root = connect(endpoint.base_url.rstrip("/").removesuffix("/v1"), endpoint.key_variable or "", 1)
    try:
        for name in _OWN_PAGES:
            said = await _page(root, name)
            if window := _count(_inside(said, "default_generation_settings").get("n_ctx")):
                return window
            for entry in _entries(said):
                if model in (entry.get("id"), entry.get("name"), entry.get("model")):
                    return _window_in(entry)
    finally:
        await root.close()
    return None


async def has_batches(connection: Connection) -> bool | None:
    """Return whether there is a batch API, None where nobody can tell."""
    try:
        await connection.get("batches?limit=1", _TIMEOUT_S)
    except EndpointTrouble as error:
        return False if error.trouble.status in _NOT_THERE else None
    return True


async def _page(connection: Connection, path: str) -> object:
    try:
        found: object = orjson.loads((await connection.get(path, _TIMEOUT_S)).body)
    except (EndpointTrouble, orjson.JSONDecodeError):
        return None
    return found


def _entries(said: object) -> Iterator[Mapping[str, Any]]:
    """Yield the models of a list, which may stand in an object."""
    listed = (said.get("data") or said.get("models")) if isinstance(said, dict) else said
    yield from (entry for entry in (listed if isinstance(listed, list) else []) if isinstance(entry, dict))


def _window_in(entry: Mapping[str, Any]) -> int | None:
    told = (entry.get(name) for name in _WINDOW)
    return next((count for each in told if (count := _count(each))), None)


def _count(told: object) -> int | None:
    return int(told) if isinstance(told, int | str) and str(told).isdigit() else None


def _inside(said: object, name: str) -> Mapping[str, Any]:
    inner = said.get(name) if isinstance(said, dict) else None
    return inner if isinstance(inner, dict) else {}
