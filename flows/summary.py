"""What a run says at its end, for people and for programs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel

from pipeline.store import SourceRow, read_run
from schemas.ledger import End, Stage, Tally
from schemas.registry import recipes
from schemas.requests import Usage
from schemas.samples import Selected
from schemas.settings import Settings

if TYPE_CHECKING:
    from flows.api import Result
    from flows.stages.job import Job
    from output.converting import Conversion
    from pipeline.llms.replies import KeptReplies

SHOWN_SAMPLES = 3
SHOWN_SOURCES = 8
SHOWN_PER_REASON = 2
WIDTH = 100
OTHER_FORMATS = ("alpaca", "sharegpt", "llama_factory", "text")


def result_text(result: "Result") -> str:
    """Return where the dataset is, what was kept and dropped and why, three samples, and what to do next."""
    return "\n".join(
        [
            f"Dataset: {result.dataset}",
            *_files(result),
            *_version(result),
            *([f"  {result.manifest.shortfall}"] if result.manifest.shortfall else []),
            "",
            *(_tally(stage, result.ledger[stage.value]) for stage in Stage),
            *_unread(read_run(result.folder).sources.read()),
            *_without_vector(result),
            *_cost(result),
            "",
            *_samples(result),
            "Next:",
            *(f"  {line}" for line in _next(result)),
        ]
    )


def stage_text(stage: str, job: "Job") -> str:
    """Return what a stage did by itself."""
    meter, folder = job.meter, job.run.folder
    done = {
        "parse": f"{meter.documents} documents read, {meter.unreadable} unreadable; next: tunesmith generate",
        "generate": f"{meter.samples} candidates; next: tunesmith curate",
        "curate": f"{meter.kept} kept, {meter.dropped} dropped; next: tunesmith export",
        "export": f"dataset written to {job.run.dataset}; next: tunesmith check",
    }[stage]
    text = f"{done} --out {folder}" if stage != "export" else f"{done} {job.run.dataset}"
    return "\n".join([*_unread(job.run.sources.read()), text]) if stage == "parse" else text


def found_json(found: object) -> str:
    """Return what was found of runs or a dataset, for programs."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()


def result_json(result: "Result") -> str:
    """Return the same for programs."""
    manifest = result.manifest
    summary: dict[str, Any] = {
        "run": str(result.folder),
        "dataset": str(result.dataset),
        "files": [file.model_dump() for file in manifest.files],
        "ledger": manifest.ledger,
        "usage": manifest.usage,
        "estimates": manifest.estimates,
        "seconds": manifest.seconds,
        "shortfall": manifest.shortfall,
        "changed": result.changed,
        "version": manifest.history[-1] if manifest.history else None,
    }
    return orjson.dumps(summary, option=orjson.OPT_INDENT_2, default=_fields).decode()


def _fields(value: object) -> dict[str, Any]:
    assert isinstance(value, BaseModel)
    return value.model_dump()


def _files(result: "Result") -> Iterator[str]:
    for file in result.manifest.files:
        yield f"  {file.path}  {file.rows:,} rows"


def _version(result: "Result") -> Iterator[str]:
    last = result.manifest.history[-1]
    if result.changed is False:
        yield f"  nothing changed since version {last.number}"
    elif last.number > 1:
        yield (
            f"  version {last.number}: {last.added:,} rows added, {last.removed:,} removed, "
            f"{last.unchanged:,} unchanged"
        )


def _tally(stage: Stage, tally: Tally) -> str:
    parts = [f"{tally.kept:,} kept"]
    parts += [f"{count:,} dropped: {_words(reason)}" for reason, count in tally.dropped.items()]
    parts += [f"{count:,} failed: {_words(reason)}" for reason, count in tally.failed.items()]
    return f"{stage.value.capitalize():<9} {tally.entered:,} in = " + ", ".join(parts)


def _unread(rows: Sequence[SourceRow]) -> Iterator[str]:
    """Name the sources that were not read: all if they are few, else some for each reason."""
    told = [row for row in rows if row.detail and row.end is not End.DROPPED]
    if len(told) <= SHOWN_SOURCES:
        yield from (f"  {row.uri}: {row.detail}" for row in told)
        return
    for reason, count in Counter(row.reason for row in told).most_common():
        alike = [row for row in told if row.reason == reason]
        yield f"  {count:,} {_words(reason) or 'read in part'}:"
        yield from (f"    {row.uri}: {row.detail}" for row in alike[:SHOWN_PER_REASON])
        if count > SHOWN_PER_REASON:
            yield f"    and {count - SHOWN_PER_REASON:,} more, in sources.parquet{_suffixes(alike)}"


def _suffixes(rows: Sequence[SourceRow]) -> str:
    """Return the suffixes of most of these files, if a few stand for them."""
    suffixes = (PurePosixPath(row.uri).suffix.partition("#")[0] for row in rows)  # records have a number
    common = Counter(filter(None, suffixes))
    shown = ", ".join(f"{suffix} {count:,}" for suffix, count in common.most_common(3))
    return f" ({shown})" if shown else ""


def _without_vector(result: "Result") -> Iterator[str]:
    missing = result.manifest.without_vector
    if missing:
        why = ", ".join(f"{count:,} {_words(reason)}" for reason, count in missing.items())
        count = sum(missing.values())
        yield f"Vectors   {count:,} samples have none, and were compared by words alone: {why}"


def _cost(result: "Result") -> Iterator[str]:
    total = sum(result.manifest.usage.values(), start=Usage())
    if total.requests and total.prompt_tokens:
        cost = f", ${total.cost_usd:.2f}" if total.cost_usd else ""
        yield (
            f"Spent     {total.requests:,} requests, {total.prompt_tokens:,} prompt tokens "
            f"({total.cached_tokens:,} cached), {total.completion_tokens:,} completion tokens{cost}"
        )
        expected = sum(result.manifest.estimates.values(), start=Usage())
        cost = f", ${expected.cost_usd:.2f}" if expected.cost_usd else ""
        yield (
            f"Expected  {expected.requests:,} requests, {expected.prompt_tokens:,} prompt tokens "
            f"({expected.cached_tokens:,} cached), {expected.completion_tokens:,} completion tokens{cost}"
        )


def _samples(result: "Result") -> Iterator[str]:
    rows = read_run(result.folder).sources.read()
    titles = {row.document_id: row.uri for row in rows if row.end is End.KEPT}
    for selected in islice(_varied(result.samples()), SHOWN_SAMPLES):
        sample = selected.judged.sample
        yield f"Q  {_cut(sample.question)}"
        yield f"A  {_cut(sample.answer)}"
        for span in sample.evidence[:1]:
            page = f", page {span.page}" if span.page else ""
            yield f'   from {titles.get(span.document_id, span.document_id)}{page}: "{_cut(span.quote, 60)}"'
        yield ""


def _varied(samples: Iterator[Selected]) -> Iterator[Selected]:
    """Yield one sample of each kind and document first."""
    seen: set[tuple[str, str]] = set()
    for selected in samples:
        sample = selected.judged.sample
        document = sample.evidence[0].document_id if sample.evidence else ""
        if not seen & {("kind", sample.kind), ("document", document)}:
            seen |= {("kind", sample.kind), ("document", document)}
            yield selected


def _next(result: "Result") -> Iterator[str]:
    yield f"look at it:      open {result.folder / 'report.html'}"
    yield f"judge rows:      tunesmith review {result.folder}"
    if result.manifest.settings.model == "extractive":
        yield "use a model:     tunesmith doctor --model openai/gpt-4.1-mini, then build with --model"
    other = other_format(result.manifest.settings)
    yield f"other rows:      tunesmith export --out {result.folder} --format {other} --storage jsonl"


def other_format(settings: Settings) -> str:
    """Return a well-known format that can hold what the run's recipes make, and is not the one it has."""
    held = [set(recipes.get(choice.name).formats) for choice in settings.recipes]
    known = [name for name in OTHER_FORMATS if all(name in formats for formats in held)]
    return next(name for name in (*known, "raw") if name != settings.format or name == "raw")


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _cut(text: str, width: int = WIDTH) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def replies_text(kept: "Sequence[KeptReplies]") -> str:
    """Return what a journal keeps, a line for each recipe and model, then all of it."""
    head = (
        f"{'recipe':<16} {'model':<32} {'replies':>8} {'refused':>8} {'MB':>8} {'tokens':>14} {'USD':>9}  "
        f"{'oldest':<10}  newest"
    )
    lines = (
        _replies_line(each.recipe, each.model, [each]) + f"  {_day(each.oldest)}  {_day(each.newest)}"
        for each in kept
    )
    return "\n".join([head, *lines, _replies_line("all", "", kept)])


def _replies_line(recipe: str, model: str, kept: "Sequence[KeptReplies]") -> str:
    usage = sum((each.usage for each in kept), Usage())
    tokens = usage.prompt_tokens + usage.completion_tokens
    replies, refusals = sum(each.replies for each in kept), sum(each.refusals for each in kept)
    size_mb = sum(each.bytes for each in kept) / 1e6
    return (
        f"{recipe:<16} {model:<32} {replies:>8,} {refusals:>8,} {size_mb:>8.1f} {tokens:>14,} "
        f"{usage.cost_usd:>9.2f}"
    )


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def conversion_text(conversion: "Conversion", folder: Path) -> str:
    """Return what became of a converted dataset's rows."""
    rows = sum(file.rows for file in conversion.files)
    left_out = [f"  left out {count:,}: {problem}" for problem, count in conversion.left_out.items()]
    return "\n".join([f"{conversion.read:,} rows read, {rows:,} written to {folder}", *left_out])
