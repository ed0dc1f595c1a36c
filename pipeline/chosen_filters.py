"""Which filters curate a run's samples, and with which options: the settings' list, or a sensible one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import orjson
from pydantic import JsonValue

from schemas.choices import Choice
from schemas.contracts import Filter, FilterEntry, FilterSetup, ModelFilter, Options
from schemas.errors import NeedsModel, SettingsError
from schemas.languages import Spoken
from schemas.mix import labels
from schemas.registry import filters, providers, recipes
from schemas.requests import Sampling
from schemas.settings import JudgeKind, Juror, Settings
from schemas.strict import validated

_RULES = (
    "length",
    "evidence",
    "form",
    "stand_alone",
    "personal_data",
    "injection",
    "arithmetic",
    "language",
    "support",
)
_JUDGE: Mapping[JudgeKind, str] = {"chat": "judge", "reward": "reward"}
_RECIPES_OWN_CHECK = "fault"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter by name, with its validated options."""

    name: str
    entry: FilterEntry
    setup: FilterSetup

    def build(self) -> Filter | ModelFilter:
        """Return the filter itself."""
        return self.entry.build(self.setup)


def chosen_filters(settings: Settings, *, language_model: bool) -> list[Chosen]:
    """Return the filters that settings ask for, in their order.

    Raises:
        UnknownName: settings name a filter that nothing is registered under.
        SettingsError: a filter's options cannot be used.
        NeedsModel: settings name a filter that asks a model, and there is none.
    """
    models = _Models(language_model, settings)
    chosen = [_chosen(choice, settings) for choice in _choices(settings, models)]
    for each in chosen:
        models.check(each.name, each.entry)
    return chosen


def chosen_judge(chosen: list[Chosen], settings: Settings) -> ModelFilter:
    """Return the judge, as it stands among the filters, or else as the settings have it."""
    name = _JUDGE[settings.judge.kind]
    judge = next((each for each in chosen if each.name == name), None) or _chosen(Choice(name=name), settings)
    built = judge.build()
    assert isinstance(built, ModelFilter)
    return built


def judge_sampling(settings: Settings) -> Sampling:
    """Return how the judge is asked: by its own name without the provider, else as the generating model."""
    judge = settings.judge.model
    model = (judge.partition("/")[2] or judge) if judge else settings.model_name
    if settings.judge.kind == "reward":
        return Sampling(model)
    return Sampling(model, temperature=0.0, max_output_tokens=settings.llm.max_output_tokens)


def fingerprint(chosen: list[Chosen]) -> str:
    """Return a digest of everything that decides a verdict: filters, their order and their set-up.

    The program's version is in it, since its rules may change, and so is what the options' files hold.
    """
    payload = [
        {
            "name": each.name,
            "options": each.setup.options.model_dump(mode="json"),
            "files": [_file_digest(path) for path in _paths(each.setup.options)],
            "sampling": each.setup.sampling if each.entry.needs_model else None,
            "spoken": each.setup.spoken,
            "spoken_by": each.setup.spoken_by,
            "seed": each.setup.seed,
        }
        for each in chosen
    ]
    deciding = {"version": version("tunesmith"), "filters": payload}
    return hashlib.sha256(orjson.dumps(deciding, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


class _Models:
    """Which filters have a model to ask. A judge of its own may rate what no language model made."""

    def __init__(self, generating: bool, settings: Settings) -> None:
        own = (settings.judge.model or "").partition("/")[0]
        self._generating = generating
        self._judging = generating or (bool(own) and providers.get(own).is_language_model)
        self._kind = settings.judge.kind

    def answer(self, entry: FilterEntry) -> bool:
        """Whether a filter has what it needs."""
        if not entry.needs_model:
            return True
        return self._judging and entry.kind == self._kind if entry.judges else self._generating

    def check(self, name: str, entry: FilterEntry) -> None:
        """Refuse a filter that has not."""
        if self.answer(entry):
            return
        if entry.judges and entry.kind != self._kind:
            problem = f"'{name}' asks a judge of kind {entry.kind}, and judge.kind is {self._kind}"
            raise SettingsError("filters", problem)
        raise NeedsModel(f"filter '{name}'")


def _choices(settings: Settings, models: _Models) -> tuple[Choice, ...]:
    if settings.filters is not None:
        return settings.filters
    own = [name for choice in settings.recipes for name in recipes.get(choice.name).filters]
    judge = (_JUDGE[settings.judge.kind],) if settings.judge.enabled else ()
    wanted = dict.fromkeys((_RECIPES_OWN_CHECK, *_RULES, *own, *judge))
    return tuple(Choice(name=name) for name in wanted if models.answer(filters.get(name)))


def _chosen(choice: Choice, settings: Settings) -> Chosen:
    entry = filters.get(choice.name)
    options = dict(choice.options)
    sampling = Sampling(
        settings.model_name, temperature=0.0, max_output_tokens=settings.llm.max_output_tokens
    )
    if entry.judges:
        sampling = judge_sampling(settings)
        options = _judge_options(settings, entry) | options
    setup = FilterSetup(
        options=validated(entry.options, options, f"filters.{choice.name}"),
        sampling=sampling,
        seed=settings.seed,
        spoken=settings.spoken,
        spoken_by=_spoken_by(settings),
    )
    return Chosen(choice.name, entry, setup)


def _spoken_by(settings: Settings) -> dict[str, Spoken]:
    """Return the languages of the recipes that have their own, by label."""
    named = zip(labels(settings.recipes), settings.recipes, strict=True)
    spoken = {label: choice.spoken(settings.spoken) for label, choice in named}
    return {label: own for label, own in spoken.items() if own != settings.spoken}


def _judge_options(settings: Settings, entry: FilterEntry) -> dict[str, JsonValue]:
    """Return what the settings say of the judge, as far as a judging filter has options for it."""
    judge = settings.judge
    provider = (judge.model or settings.model).partition("/")[0]
    said: dict[str, JsonValue] = {
        "min_score": judge.min_score,
        "jury": [
            each.name if isinstance(each, Juror) else each.removeprefix(f"{provider}/") for each in judge.jury
        ],
        "decide": judge.decide,
        "route": judge.route,
        "scale": judge.scale if isinstance(judge.scale, str) else list(judge.scale),
        "label": judge.label,
    }
    return {name: value for name, value in said.items() if name in entry.options.model_fields}


def _paths(options: Options) -> list[Path]:
    values = (getattr(options, name) for name in type(options).model_fields)
    items = (item for value in values for item in (value if isinstance(value, tuple) else (value,)))
    return [item for item in items if isinstance(item, Path)]


def _file_digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
