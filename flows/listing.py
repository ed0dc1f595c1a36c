"""Runs in words: a line for each, and one of them in full."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from schemas.manifest import Manifest
from schemas.requests import Usage

if TYPE_CHECKING:
    from flows.stages.runs import FoundRun, Pruned
    from pipeline.store import Place


def runs_text(runs: "Sequence[FoundRun]") -> str:
    """Return a line for each run."""
    lines = [f"{'run':<32} {'updated':<20} {'rows':>9} {'version':>8} {'requests':>9} {'USD':>9}  state"]
    lines += [_line(run) for run in runs]
    return "\n".join(lines)


def runs_json(runs: "Sequence[FoundRun]") -> str:
    """Return the same for programs."""
    listed: list[dict[str, Any]] = [
        {
            "run": str(run.folder),
            "problem": run.problem,
            **({} if run.manifest is None else _facts(run.manifest)),
        }
        for run in runs
    ]
    return orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode()


def run_text(folder: "Place", manifest: Manifest) -> str:
    """Return what is known of one run."""
    return "\n".join(_shown(folder, manifest))


def pruned_text(pruned: "Pruned") -> str:
    """Return what was removed."""
    return f"{pruned.files:,} files removed, {pruned.bytes / 1e6:.1f} MB freed"


def _line(run: "FoundRun") -> str:
    manifest = run.manifest
    if manifest is None:
        return f"{run.folder!s:<32} {run.problem}"
    facts = _facts(manifest)
    return (
        f"{run.folder!s:<32} {manifest.updated[:19]:<20} {facts['rows']:>9,} {facts['version']:>8} "
        f"{facts['requests']:>9,} {facts['cost_usd']:>9.2f}  {_state(manifest)}"
    )


def _facts(manifest: Manifest) -> dict[str, Any]:
    total = _total(manifest)
    return {
        "updated": manifest.updated,
        "finished": manifest.finished,
        "model": manifest.settings.model,
        "rows": sum(file.rows for file in manifest.files),
        "version": len(manifest.history),
        "requests": total.requests,
        "cost_usd": total.cost_usd,
    }


def _shown(folder: "Place", manifest: Manifest) -> Iterator[str]:
    settings = manifest.settings
    yield f"{folder}: {_state(manifest)}"
    yield f"  created {manifest.created}, last at work {manifest.updated}, {_seconds(manifest):.0f} s in all"
    yield f"  model {settings.model}, recipes {', '.join(choice.name for choice in settings.recipes)}"
    if manifest.shortfall:
        yield f"  {manifest.shortfall}"
    yield "Ledger"
    for stage, tally in manifest.ledger.items():
        ends = [f"{tally.kept:,} kept"]
        ends += [f"{count:,} {reason.replace('_', ' ')}" for reason, count in tally.dropped.items()]
        ends += [f"{count:,} failed: {reason.replace('_', ' ')}" for reason, count in tally.failed.items()]
        yield f"  {stage:<9} {tally.entered:,} in = {', '.join(ends)}"
    yield "Versions"
    for version in manifest.history:
        yield (
            f"  {version.number:<3} {version.created}  {version.rows:,} rows: {version.added:,} added, "
            f"{version.removed:,} removed, {version.unchanged:,} unchanged"
        )
    yield "Spent"
    for recipe, usage in manifest.usage.items():
        yield f"  {recipe:<16} {_spent(usage)}"
    yield f"  {'all':<16} {_spent(_total(manifest))}"


def _spent(usage: Usage) -> str:
    return (
        f"{usage.requests:,} requests, {usage.prompt_tokens:,} prompt tokens, "
        f"{usage.completion_tokens:,} completion tokens, ${usage.cost_usd:.2f}"
    )


def _total(manifest: Manifest) -> Usage:
    return sum(manifest.usage.values(), start=Usage())


def _seconds(manifest: Manifest) -> float:
    return manifest.seconds.get("total", 0.0)


def _state(manifest: Manifest) -> str:
    return "made its dataset" if manifest.finished else "made no dataset yet"
