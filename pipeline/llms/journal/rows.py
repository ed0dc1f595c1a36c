"""A reply as a row of the journal's table, and back."""

from typing import Any

from pipeline.llms.wire.exchange import Exchange
from schemas.requests import FailureReason, FinishReason, Usage

SCHEMA = """
CREATE TABLE IF NOT EXISTS exchanges (
    key TEXT PRIMARY KEY, recipe TEXT NOT NULL, model TEXT NOT NULL,
    content TEXT NOT NULL, thinking TEXT NOT NULL, finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL, requests INTEGER NOT NULL,
    error TEXT, detail TEXT NOT NULL, written REAL NOT NULL
) STRICT
"""
COLUMNS = (
    "key, recipe, model, content, thinking, finish_reason, "
    "prompt_tokens, cached_tokens, completion_tokens, cost_usd, requests, error, detail"
)
NAMES = (*COLUMNS.split(", "), "written")


def row_of(exchange: Exchange, written: float) -> tuple[object, ...]:
    """Return the values of a reply's row, in the order of `NAMES`; `written` is in seconds since 1970."""
    usage = exchange.usage
    return (
        exchange.key,
        exchange.recipe,
        exchange.model,
        exchange.content,
        exchange.thinking,
        exchange.finish_reason.value,
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        usage.cost_usd,
        usage.requests,
        exchange.error.value if exchange.error else None,
        exchange.detail,
        written,
    )


def exchange_of(row: tuple[Any, ...]) -> Exchange:
    """Return the reply in a row of `COLUMNS`."""
    (
        key,
        recipe,
        model,
        content,
        thinking,
        finish,
        prompt,
        cached,
        completion,
        cost,
        requests,
        error,
        detail,
    ) = row
    return Exchange(
        key=key,
        recipe=recipe,
        model=model,
        content=content,
        thinking=thinking,
        finish_reason=FinishReason(finish),
        usage=Usage(prompt, cached, completion, cost, requests),
        error=FailureReason(error) if error else None,
        detail=detail,
    )
