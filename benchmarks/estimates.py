"""What a dry run says that a build will take, beside what it then takes on the simulated endpoint.

`python -m benchmarks.estimates` builds with every recipe alone, in chunks and whole, and three mixes with
judge, jury, embeddings and recipes about all documents. Printed are estimate over actual: requests, prompt
tokens, completion tokens, dollars. `--accounts` shows each stage, and `qa whole` runs one case.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import build
from flows.configuring import configure
from flows.stages.plan import plan
from schemas.requests import Usage
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_document

_HANDBOOK = Path(__file__).parents[1] / "examples" / "handbook"
_PRICE = {"prompt": 1.0, "cached": 0.25, "completion": 4.0}
_RECIPES: Mapping[str, dict[str, Any]] = {
    name: {}
    for name in (
        "qa", "cot", "conversation", "summary", "table", "quiz", "unanswerable", "multi_hop",
    )
} | {
    "translate": {"recipes": [{"name": "translate", "options": {"into": ["de"]}}]},
    "rewrite": {"format": "text"},
    "active_reading": {"format": "text"},
    "preference": {"format": "preference"},
    "candidates": {
        "format": "preference",
        "recipes": [{"name": "preference", "options": {"rejected": "candidate"}}],
    },
    "extract": {"recipes": [{"name": "extract", "options": {
        "instruction": "who does what, and when",
        "json_schema": {
            "type": "object",
            "properties": {"who": {"type": "string"}, "what": {"type": "string"}},
        },
    }}]},
    "seed": {"recipes": [{"name": "seed", "options": {"topics": ["boats", "ropes", "tides"]}}]},
}  # fmt: skip
_WHOLE_ONLY = ("cross_document",)
_MIXES: Mapping[str, dict[str, Any]] = {
    "judge and corpus": {"recipes": ["qa", "cot", "multi_hop", "unanswerable", "quiz"]},
    "jury and vectors": {
        "recipes": ["qa:4", "cot:2", "multi_hop"],
        "judge": {"model": "openai/judge", "jury": ["second", "third"]},
        "embeddings": {"model": "openai/vectors", "price": {"prompt": 0.02}},
    },
    "target": {"recipes": ["qa:3", "conversation", "summary:20%"], "target": 150},
}


@dataclass(frozen=True, slots=True)
class Case:
    """One build."""

    name: str
    settings: dict[str, Any]


def cases() -> Iterator[Case]:
    """Yield all builds."""
    for context in ("chunk", "whole"):
        for name, settings in _RECIPES.items():
            yield Case(f"{name} {context}", {"recipes": [name], "context": context} | settings)
    for name in _WHOLE_ONLY:
        yield Case(f"{name} whole", {"recipes": [name], "context": "whole"})
    for name, settings in _MIXES.items():
        yield Case(name, settings)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of cases, or words of them")
    parser.add_argument("--accounts", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("OPENAI_API_KEY", "none")
    print(f"{'':28} requests  prompt  cached  completion  dollars")
    for case in cases():
        if given.only and not any(word in case.name for word in given.only):
            continue
        expected, spent = estimated_and_spent(case)
        print(_line(case.name, total(expected), total(spent)), flush=True)
        for account in sorted({*expected, *spent} if given.accounts else ()):
            print(_line(f"  {account}", expected.get(account, Usage()), spent.get(account, Usage())))


def estimated_and_spent(case: Case) -> tuple[dict[str, Usage], dict[str, Usage]]:
    """Return what a dry run says of a build, and what the build takes, by recipe and filter."""
    with tempfile.TemporaryDirectory() as folder, start_endpoint() as endpoint:
        docs = Path(folder) / "docs"
        for number in range(8):
            write_document(docs, f"s{number}")
        settings = {
            "sources": [str(_HANDBOOK), str(docs)],
            "out": f"{folder}/run",
            "model": "openai/sim",
            "base_url": endpoint.base_url,
            "llm": {"price": _PRICE, "window": 100_000},
            **case.settings,
        }
        if "embeddings" in settings:
            settings["embeddings"] |= {"base_url": endpoint.base_url}
        if "judge" in settings:
            settings["judge"] |= {"base_url": endpoint.base_url}
        planned = plan(configure(settings)).expected.by_account
        assert endpoint.stats.get("requests", 0) == 0
        made = build(direct=True, **settings)
    return planned, dict(made.manifest.usage)


def total(usage: Mapping[str, Usage]) -> Usage:
    """Return the sum."""
    return sum(usage.values(), Usage())


def _line(name: str, expected: Usage, spent: Usage) -> str:
    pairs = [
        (expected.requests, spent.requests),
        (expected.prompt_tokens, spent.prompt_tokens),
        (expected.cached_tokens, spent.cached_tokens),
        (expected.completion_tokens, spent.completion_tokens),
        (expected.cost_usd, spent.cost_usd),
    ]
    shares = [f"{left / right:8.2f}" if right else f"{left:8.0f}" for left, right in pairs]
    return f"{name:28}{''.join(shares)}   {spent.requests:,} requests, ${spent.cost_usd:.3f}"


if __name__ == "__main__":
    main()
