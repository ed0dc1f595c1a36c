"""The dataset card: README.md as the Hugging Face hub reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from schemas.ledger import Tally
from schemas.manifest import DatasetFile
from schemas.settings import Settings

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LLAMA = (
    "These rows were made with a Llama model. The Llama licence asks that a model which is trained on them "
    'and given to others bears a name that begins with "Llama", and shows "Built with Llama".'
)
_PROVENANCE = "Each row names its document, page and offsets, and quotes what it rests on word for word."


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card tells beside the settings."""

    name: str
    ledger: dict[str, Tally] = field(default_factory=dict)
    sources: Sequence[str] = ()
    languages: Sequence[str] = ()
    version: str = ""


def dataset_card(
    settings: Settings,
    files: Sequence[DatasetFile],
    facts: CardFacts,
    features: Sequence[dict[str, object]] = (),
) -> str:
    """Return the card's text. `features` are the rows' columns, none where they are of no one type."""
    matter = _front_matter(settings, files, facts)
    if features:
        matter["dataset_info"] = {"features": list(features)}
    head = yaml.safe_dump(matter, sort_keys=False, allow_unicode=True)
    return "\n".join(["---", f"{head}---", "", *_body(settings, files, facts), ""])


def _front_matter(settings: Settings, files: Sequence[DatasetFile], facts: CardFacts) -> dict[str, object]:
    rows = sum(file.rows for file in files)
    by_split: dict[str, list[str]] = {}
    for file in files:
        by_split.setdefault(file.split, []).append(file.path)
    data_files = [{"split": split, "path": paths} for split, paths in by_split.items()]
    return {
        "pretty_name": settings.output.name or facts.name,
        "license": settings.output.license,
        "language": sorted(facts.languages) or ["en"],
        "size_categories": [next((size for limit, size in _SIZES if rows < limit), "n>1M")],
        "tags": ["synthetic", "tunesmith"],
        "configs": [{"config_name": "default", "data_files": data_files}],
    }


def _body(settings: Settings, files: Sequence[DatasetFile], facts: CardFacts) -> Iterator[str]:
    recipes = ", ".join(f"`{choice.name}`" for choice in settings.recipes)
    yield f"# {settings.output.name or facts.name}"
    yield ""
    yield (
        f"{sum(file.rows for file in files):,} rows in the `{settings.format}` format, made from documents "
        f"by tunesmith {facts.version} with the recipes {recipes} and the model `{settings.model}`. "
        f"{_PROVENANCE if settings.output.provenance else ''}"
    )
    if "llama" in settings.model.lower():
        yield from ("", f"> **Built with Llama.** {_LLAMA}")
    yield from ("", "## Files", "", "| file | split | rows | sha256 |", "| --- | --- | --- | --- |")
    yield from (f"| {file.path} | {file.split} | {file.rows:,} | `{file.sha256}` |" for file in files)
    yield from (
        "",
        "## What was kept and dropped",
        "",
        "| | in | kept | dropped or failed |",
        "| --- | --- | --- | --- |",
    )
    for stage, tally in facts.ledger.items():
        lost = ", ".join(
            f"{count:,} {reason.replace('_', ' ')}"
            for reason, count in (tally.dropped | tally.failed).items()
        )
        yield f"| {stage} | {tally.entered:,} | {tally.kept:,} | {lost} |"
    yield from ("", "## Sources", "", *(f"- {_plain(source)}" for source in facts.sources))


def _plain(text: str) -> str:
    """Return a document's own words as Markdown that is nothing but text."""
    return "`" + " ".join(text.replace("`", "'").split()) + "`"
