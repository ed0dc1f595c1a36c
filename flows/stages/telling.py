"""What a run's dataset card tells of documents, prompts and versions."""

import hashlib
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from flows.stages.job import Job
from output.card_making import CardFacts
from output.provenance import SourceFacts
from pipeline import prompts
from pipeline.mix import BuiltRecipe, build_recipes
from pipeline.store import Run, SourceRow
from schemas.choices import RecipeChoice
from schemas.ledger import End, Ledger, Stage
from schemas.registry import providers
from schemas.settings import Settings


def told(job: Job, ledger: Ledger) -> tuple[dict[str, SourceFacts], CardFacts]:
    """Return what rows and card tell of the sources."""
    kept = _kept(job.run)
    facts = _facts(job.run, kept)
    manifest = job.run.manifest()
    return facts, CardFacts(
        name=job.run.folder.resolve().name,
        ledger={stage.value: ledger.tally(stage) for stage in Stage},
        sources=[row.uri for row in kept],
        versions=manifest.versions if manifest else {},
        prompts=_prompts(job.settings) if facts else {},
        extractive=bool(facts) and not providers.get(job.settings.provider).is_language_model,
        imported=len(kept) > len(facts),
    )


def sources_of(run: Run) -> dict[str, SourceFacts]:
    """Return how people know the documents of a run, by id."""
    return _facts(run, _kept(run))


def _kept(run: Run) -> list[SourceRow]:
    return [row for row in run.sources.read() if row.end is End.KEPT]


def _facts(run: Run, kept: Iterable[SourceRow]) -> dict[str, SourceFacts]:
    index = run.documents.index()
    return {
        row.document_id: SourceFacts(row.uri, index[row.document_id].title) for row in kept if row.document_id
    }


def _prompts(settings: Settings) -> Mapping[str, str]:
    """Return a digest of all that each recipe's prompts are made of; none where no model is asked."""
    if not providers.get(settings.provider).is_language_model:
        return {}
    built = build_recipes(settings, language_model=True)
    return {
        recipe.label: _digest(recipe, choice) for choice, recipe in zip(settings.recipes, built, strict=True)
    }


def _digest(built: BuiltRecipe, choice: RecipeChoice) -> str:
    """Return a digest of a recipe's code, the words that all prompts share, its options, and their files."""
    code = [inspect.getsource(prompts), inspect.getsource(inspect.getmodule(type(built.recipe)) or prompts)]
    files = [Path(value) for value in choice.options.values() if isinstance(value, str)]
    read = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    payload = orjson.dumps([code, choice.model_dump(mode="json"), read], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(payload).hexdigest()[:16]
