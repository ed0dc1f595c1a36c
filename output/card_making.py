"""What a dataset card says of how the rows were made, how to make them again, and what they are not."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from output.composition import Composition
from schemas.ledger import Tally
from schemas.settings import Settings

# Always shown, so that a later version's defaults change nothing.
_SHOWN = ("recipes", "model", "format", "storage", "context", "seed")
# What says where things are, not what they become.
_PLACES = ("out",)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card tells beside the settings and the rows.

    `versions` are those of the program and the libraries that decide, by name. `prompts` holds a fingerprint
    of each recipe's prompts. `converted_from` is the dataset that the rows were converted from, if they were;
    `imported` says that rows of another dataset are among them.
    """

    name: str
    ledger: Mapping[str, Tally] = field(default_factory=dict)
    sources: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    extractive: bool = False
    imported: bool = False
    converted_from: str | None = None


def making(settings: Settings, facts: CardFacts, rows: Composition) -> Iterator[str]:
    """Yield the lines on how the rows were made, and on how to make them again."""
    yield from ("", "## How it was made", "")
    for name, version in facts.versions.items():
        yield f"- {name} {version}"
    yield from (f"- prompts of `{recipe}`: `{digest}`" for recipe, digest in facts.prompts.items())
    total = rows.recipes.total()
    passed = [f"`{name}`" for name, count in rows.filters.items() if count == total and name != "review"]
    if passed:
        yield f"- every row passed the filters {', '.join(passed)}"
    yield from _reviewed(facts, rows)
    if facts.converted_from:
        command = f"tunesmith convert {shlex.quote(facts.converted_from)} FOLDER --format {settings.format}"
        yield from ("", "To make it again:", "", *_fenced(f"{command} --storage {settings.storage}", "sh"))
        return
    yield from ("", "To make it again, save these settings as `tunesmith.yaml`:", "")
    yield from _fenced(_settings_text(settings), "yaml")
    yield from ("", "and run, where the documents are:", "")
    yield from _fenced("tunesmith build --config tunesmith.yaml --out runs/again", "sh")
    yield from ("", _same(facts))


def _reviewed(facts: CardFacts, rows: Composition) -> Iterator[str]:
    """Say what people decided of single rows: their word goes before the filters'."""
    kept = rows.filters["review"]
    rejected = facts.ledger["samples"].dropped.get("rejected_by_reviewer", 0) if facts.ledger else 0
    if kept or rejected:
        told = f"people kept or edited {kept:,} of the rows, whatever filters said, and rejected {rejected:,}"
        yield f"- {told}; a build elsewhere knows nothing of that"


def _settings_text(settings: Settings) -> str:
    """Return what decides the rows, as a file of settings."""
    changed = settings.model_dump(mode="json", exclude_defaults=True)
    shown = settings.model_dump(mode="json", include=set(_SHOWN))
    values = {name: value for name, value in {**shown, **changed}.items() if name not in _PLACES}
    values["recipes"] = [choice.model_dump(mode="json", exclude_defaults=True) for choice in settings.recipes]
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def _same(facts: CardFacts) -> str:
    if facts.imported:
        return "Some rows were imported from another dataset; import it into the run before."
    if facts.extractive:
        return "The same documents and versions give the same rows."
    return (
        "The same documents, versions and replies give the same rows. A model answers anew when it is asked "
        "anew; the run's folder `replies/` keeps what it said."
    )


def limits(settings: Settings, facts: CardFacts, rows: Composition) -> Iterator[str]:
    """Yield what the rows do not promise, a sentence or two each."""
    if facts.converted_from:
        yield "The rows are those of the other dataset: only that the new format holds them was checked."
        return
    yield "Rows are as true as the documents they were made from; nothing was checked against the world."
    if facts.extractive:
        yield (
            "Made by rule from what documents state outright, not by a language model: wordings repeat, and "
            "what a text only implies is not asked."
        )
    elif not facts.imported:
        yield "Written by a language model. Filters find many wrong rows, not all; no person read each."
    if settings.parse.transcribe:
        yield (
            "Pages without a text layer were read by the model: evidence there quotes its transcript, which "
            "nobody held against the page."
        )
    if not {"judge", "reward"} & set(rows.filters) and not facts.extractive:
        yield "No model judged the rows against their source."
    if "personal_data" not in rows.filters:
        yield "Personal data was not looked for."
    lost = facts.ledger["sources"].failed if "sources" in facts.ledger else {}
    if lost:
        yield f"{sum(lost.values()):,} of the sources could not be read, and gave nothing."
    if not settings.select.near_duplicates:
        yield "Near-duplicates were not removed."


def _fenced(text: str, language: str) -> Iterator[str]:
    """Yield a block of code. Its fence is longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (f"{fence}{language}", text.rstrip("\n"), fence)
