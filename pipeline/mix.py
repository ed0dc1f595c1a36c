"""The recipes that the settings ask for, built and checked before anything is spent."""

from dataclasses import dataclass

from schemas.contracts import Recipe, RecipeEntry, RecipeSetup
from schemas.errors import NeedsModel, SettingsError
from schemas.registry import recipes
from schemas.requests import Sampling
from schemas.settings import Choice, Settings
from schemas.strict import validated


@dataclass(frozen=True, slots=True)
class BuiltRecipe:
    """A recipe that is ready to ask. `count` is what it asks for per passage."""

    name: str
    count: int
    entry: RecipeEntry
    recipe: Recipe


def build_recipes(
    settings: Settings, *, language_model: bool, round_number: int = 0
) -> tuple[BuiltRecipe, ...]:
    """Return the recipes of `settings`, in their order. Another round brings other requests.

    Raises:
        UnknownName: there is no such recipe.
        SettingsError: a recipe's options cannot be used, it stands there twice, or the export format
            cannot hold its samples.
        NeedsModel: a recipe needs a language model, and `language_model` says that there is none.
    """
    names = [choice.name for choice in settings.recipes]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError("recipes", f"'{name}' stands there {names.count(name)} times")
    return tuple(
        _built(choice, settings, language_model=language_model, round_number=round_number)
        for choice in settings.recipes
    )


def _built(choice: Choice, settings: Settings, *, language_model: bool, round_number: int) -> BuiltRecipe:
    entry = recipes.get(choice.name)
    if entry.needs_model and not language_model:
        raise NeedsModel(f"recipe '{choice.name}'")
    _check_format(choice.name, entry, settings.format)
    count = choice.count or entry.default_count
    setup = RecipeSetup(
        count,
        Sampling(
            settings.model_name,
            settings.llm.temperature,
            settings.llm.top_p,
            settings.llm.max_output_tokens,
        ),
        validated(entry.options, choice.options, f"recipes.{choice.name}"),
        settings.language,
        settings.seed,
        round_number,
    )
    return BuiltRecipe(choice.name, count, entry, entry.build(setup))


def _check_format(name: str, entry: RecipeEntry, wanted: str) -> None:
    """Refuse a format that is known not to fit. One that no recipe names is a third party's own affair."""
    known = {form for _, other in recipes.items() for form in other.formats}
    if wanted in known and wanted not in entry.formats:
        fitting = ", ".join(entry.formats)
        raise SettingsError(
            "format", f"'{wanted}' cannot hold samples of recipe '{name}'; fitting: {fitting}"
        )
