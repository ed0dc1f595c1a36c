"""The dataset card: README.md as the Hugging Face hub reads it."""

from collections.abc import Iterator, Sequence

import yaml

from output.card_making import CardFacts, limits, making
from output.composition import Composition
from schemas.manifest import DatasetFile
from schemas.settings import Settings

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LLAMA = (
    "These rows were made with a Llama model. The Llama licence asks that a model which is trained on them "
    'and given to others bears a name that begins with "Llama", and shows "Built with Llama".'
)
_LLAMA_4 = (
    " It gives no rights in the multimodal models of Llama 4 to people and companies domiciled in the "
    "European Union."
)
_PROVENANCE = "Each row names its document, page and offsets, and quotes what it rests on word for word."


def dataset_card(
    settings: Settings,
    files: Sequence[DatasetFile],
    facts: CardFacts,
    rows: Composition,
    features: Sequence[dict[str, object]] = (),
) -> str:
    """Return the card's text. `features` are the rows' columns, none where they are of no one type."""
    matter = _front_matter(settings, files, facts, rows)
    if features:
        matter["dataset_info"] = {"features": list(features)}
    head = yaml.safe_dump(matter, sort_keys=False, allow_unicode=True)
    return "\n".join(["---", f"{head}---", "", *_body(settings, files, facts, rows), ""])


def _front_matter(
    settings: Settings, files: Sequence[DatasetFile], facts: CardFacts, rows: Composition
) -> dict[str, object]:
    total = sum(file.rows for file in files)
    by_split: dict[str, list[str]] = {}
    for file in files:
        by_split.setdefault(file.split, []).append(file.path)
    data_files = [{"split": split, "path": paths} for split, paths in by_split.items()]
    languages = sorted(language for language in rows.languages if language)
    return {
        "pretty_name": settings.output.name or facts.name,
        "license": settings.output.license,
        **({"language": languages} if languages else {}),
        "task_categories": ["text-generation"],
        "size_categories": [next((size for limit, size in _SIZES if total < limit), "n>1M")],
        "tags": ["tunesmith"] if facts.converted_from else ["synthetic", "tunesmith"],
        "configs": [{"config_name": "default", "data_files": data_files}],
    }


def _body(
    settings: Settings, files: Sequence[DatasetFile], facts: CardFacts, rows: Composition
) -> Iterator[str]:
    yield f"# {settings.output.name or facts.name}"
    yield from ("", _summary(settings, files, facts, rows))
    models = {model.lower() for model in (*rows.models, *([] if facts.converted_from else [settings.model]))}
    if any("llama" in model for model in models):
        newest = any("llama-4" in model for model in models)
        yield from ("", f"> **Built with Llama.** {_LLAMA}{_LLAMA_4 if newest else ''}")
    yield from ("", "## Files", "", "| file | split | rows | sha256 |", "| --- | --- | --- | --- |")
    yield from (f"| {file.path} | {file.split} | {file.rows:,} | `{file.sha256}` |" for file in files)
    yield from making(settings, facts, rows)
    if facts.ledger:
        yield from _ledger(facts)
    yield from ("", "## Known limits", "", *(f"- {limit}" for limit in limits(settings, facts, rows)))
    yield from ("", "## Sources", "", _licence(settings), "")
    yield from (f"- {plain(source)}" for source in facts.sources)


def _summary(settings: Settings, files: Sequence[DatasetFile], facts: CardFacts, rows: Composition) -> str:
    total = sum(file.rows for file in files)
    by = f"by tunesmith {facts.versions.get('tunesmith', '')}".rstrip()
    if facts.converted_from:
        return f"{total:,} rows in the `{settings.format}` format, converted from another dataset {by}."
    recipes = ", ".join(f"{plain(name)} ({count:,})" for name, count in rows.recipes.most_common())
    models = ", ".join(plain(model) for model in sorted(rows.models) if model)
    told = f"{total:,} rows in the `{settings.format}` format, made from documents {by}: {recipes}"
    told += f", with the model {models}." if models and not facts.extractive else "."
    told += " No language model was asked." if facts.extractive else ""
    return f"{told} {_PROVENANCE}" if settings.output.provenance and not facts.imported else told


def _ledger(facts: CardFacts) -> Iterator[str]:
    yield from ("", "## What was kept and dropped", "")
    yield from ("| | in | kept | dropped or failed |", "| --- | --- | --- | --- |")
    for stage, tally in facts.ledger.items():
        lost = ", ".join(
            f"{count:,} {reason.replace('_', ' ')}"
            for reason, count in (tally.dropped | tally.failed).items()
        )
        yield f"| {stage} | {tally.entered:,} | {tally.kept:,} | {lost} |"


def _licence(settings: Settings) -> str:
    if settings.output.license == "other":
        return (
            "No licence was stated for this dataset. The rows quote these sources, whose own terms apply; "
            "they were not looked up."
        )
    return f"Licence: `{settings.output.license}`. The rows quote these sources, whose own terms apply too."


def plain(text: str) -> str:
    """Return a document's own words as Markdown that is nothing but text."""
    return "`" + " ".join(text.replace("`", "'").split()) + "`"
