"""What settings say of a recipe, read and checked before anything is spent."""

from collections.abc import Mapping

from schemas.choices import RecipeChoice
from schemas.contracts import Options, RecipeEntry
from schemas.errors import NeedsModel, SettingsError
from schemas.languages import LANGUAGES, Spoken
from schemas.registry import formats, recipes
from schemas.settings import Settings
from schemas.strict import validated

_WRITTEN_BY_RULE = "en"


def check(choice: RecipeChoice, entry: RecipeEntry, settings: Settings, *, language_model: bool) -> None:
    """Refuse a recipe that the settings give no model, format, language or aid for.

    Raises:
        SettingsError: an option cannot be used, or the export format cannot hold the recipe's samples.
        NeedsModel: it needs a language model, and there is none.
    """
    if entry.needs_model and not language_model:
        raise NeedsModel(f"recipe '{choice.name}'")
    _check_format(choice.name, entry, settings)
    _check_languages(choice.spoken(settings.spoken), language_model=language_model)
    _check_aids(choice.name, entry, options_of(choice, entry), settings)


def options_of(choice: RecipeChoice, entry: RecipeEntry) -> Options:
    """Return a recipe's options; what is said of a grid goes over the recipe's own, axis by axis.

    Raises:
        SettingsError: there is no such option, or a value cannot be used.
    """
    said = dict(choice.options)
    for name, field_ in entry.options.model_fields.items():
        given = said.get(name)
        if isinstance(field_.default, Options) and isinstance(given, Mapping):
            said[name] = field_.default.model_dump(mode="json") | given
    return validated(entry.options, said, f"recipes.{choice.name}")


def _check_format(name: str, entry: RecipeEntry, settings: Settings) -> None:
    """Refuse a format that is known not to fit. One that no recipe names is a third party's own affair."""
    wanted = settings.format
    if entry.reasons and settings.output.reasoning == "field" and formats.get(wanted).bare:
        problem = f"'{wanted}' rows have no column for the reasoning of recipe '{name}'"
        raise SettingsError(
            "output.reasoning", f"{problem}; pass --set output.reasoning=answer, think or drop"
        )
    known = {form for _, other in recipes.items() for form in other.formats}
    if wanted in known and wanted not in entry.formats:
        fitting = ", ".join(entry.formats)
        raise SettingsError(
            "format", f"'{wanted}' cannot hold samples of recipe '{name}'; fitting: {fitting}"
        )


def _check_languages(spoken: Spoken, *, language_model: bool) -> None:
    """Refuse languages that the built-in rules do not write."""
    wanted = {spoken.question, spoken.answer} - {None, _WRITTEN_BY_RULE}
    if wanted and not language_model:
        raise NeedsModel(f"writing in {LANGUAGES[min(map(str, wanted))]}")


def _check_aids(name: str, entry: RecipeEntry, options: Options, settings: Settings) -> None:
    """Refuse a recipe that needs more than replies, where the settings do not give it."""
    aids = entry.aids(options) if entry.aids is not None else frozenset()
    if "judge" in aids and not settings.judge.enabled:
        problem = f"recipe '{name}' has candidates scored by the judge; leave it on"
        raise SettingsError("judge.enabled", problem)
    if "vectors" in aids and settings.embeddings.model is None:
        problem = f"recipe '{name}' links passages by meaning; name a model, as in vllm/bge-m3"
        raise SettingsError("embeddings.model", problem)
