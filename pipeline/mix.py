"""The recipes that the settings ask for, built and checked before anything is spent."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemas.contracts import Recipe, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.errors import NeedsModel, SettingsError
from schemas.registry import recipes
from schemas.requests import Reply, Request, Sampling
from schemas.samples import Sample
from schemas.settings import Choice, Settings
from schemas.strict import validated


@dataclass(frozen=True, slots=True)
class BuiltRecipe:
    """A recipe that is ready to ask. Its requests and samples bear its `label`.

    The label is the recipe's name, with a number where the settings list the same recipe again with other
    options, as in `qa-2`. `count` is what it asks for per passage.
    """

    label: str
    count: int
    entry: RecipeEntry
    recipe: Recipe

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield what to ask about `passages`."""
        for request in self.recipe.requests(passages):
            yield replace(request, recipe=self.label)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample | Request]:
        """Yield the samples in a reply, and what to ask next."""
        for item in self.recipe.samples(request, reply):
            yield replace(item, recipe=self.label)


def build_recipes(settings: Settings, *, language_model: bool, round_: int = 0) -> tuple[BuiltRecipe, ...]:
    """Return the recipes of `settings`, in their order. Another round brings other requests.

    Raises:
        UnknownName: there is no such recipe.
        SettingsError: a recipe's options cannot be used, or the export format cannot hold its samples.
        NeedsModel: a recipe needs a language model, and `language_model` says that there is none.
    """
    seen: Counter[str] = Counter()
    built = []
    for choice in settings.recipes:
        seen[choice.name] += 1
        label = choice.name if seen[choice.name] == 1 else f"{choice.name}-{seen[choice.name]}"
        entry = recipes.get(choice.name)
        if entry.needs_model and not language_model:
            raise NeedsModel(f"recipe '{choice.name}'")
        _check_format(choice.name, entry, settings.format)
        setup = _setup(choice, entry, settings, round_)
        built.append(BuiltRecipe(label, setup.count, entry, entry.build(setup)))
    return tuple(built)


def _setup(choice: Choice, entry: RecipeEntry, settings: Settings, round_: int) -> RecipeSetup:
    llm = settings.llm
    return RecipeSetup(
        choice.count or entry.default_count,
        Sampling(settings.model_name, llm.temperature, llm.top_p, llm.max_output_tokens),
        validated(entry.options, choice.options, f"recipes.{choice.name}"),
        settings.language,
        settings.seed,
        round_,
    )


def _check_format(name: str, entry: RecipeEntry, wanted: str) -> None:
    """Refuse a format that is known not to fit. One that no recipe names is a third party's own affair."""
    known = {form for _, other in recipes.items() for form in other.formats}
    if wanted in known and wanted not in entry.formats:
        fitting = ", ".join(entry.formats)
        raise SettingsError(
            "format", f"'{wanted}' cannot hold samples of recipe '{name}'; fitting: {fitting}"
        )
