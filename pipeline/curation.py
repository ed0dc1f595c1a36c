"""Judges samples: the chosen filters in their order, rules first, a model only for what is alive."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import orjson
from pydantic import JsonValue

from pipeline.facts.private import PrivateKind
from pipeline.filters.personal_data import PersonalDataOptions
from pipeline.masking import masked_sample
from pipeline.mix import aids_of
from schemas.choices import Choice
from schemas.contracts import Ask, Filter, FilterEntry, FilterSetup, ModelFilter, Options
from schemas.documents import Passage
from schemas.errors import NeedsModel, SettingsError, TunesmithError
from schemas.languages import Spoken
from schemas.mix import labels
from schemas.registry import filters, providers, recipes
from schemas.requests import Sampling
from schemas.samples import Judged, Sample, Verdict
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
class _Chosen:
    """A filter by name, with its validated options."""

    name: str
    entry: FilterEntry
    setup: FilterSetup


class Curation:
    """The filters that settings ask for, built once and used for every sample.

    Raises:
        UnknownName: settings name a filter that nothing is registered under.
        SettingsError: a filter's options cannot be used.
        NeedsModel: settings name a filter that asks a model, and there is none.
    """

    def __init__(self, settings: Settings, *, language_model: bool) -> None:
        models = _Models(language_model, settings)
        chosen = [_chosen(choice, settings) for choice in _choices(settings, models)]
        for filter_ in chosen:
            models.check(filter_.name, filter_.entry)
        self._rules: list[tuple[str, Filter]] = []
        self._askers: list[tuple[str, ModelFilter]] = []
        for filter_ in chosen:
            built = filter_.entry.build(filter_.setup)
            if isinstance(built, ModelFilter):
                self._askers.append((filter_.name, built))
            else:
                self._rules.append((filter_.name, built))
        self.fingerprint = _fingerprint(chosen)
        self.judges = any(each.entry.judges for each in chosen) or "judge" in aids_of(settings)
        self.judge_sampling = _judge_sampling(settings)
        self._rater = _rater(chosen, settings) if "judge" in aids_of(settings) else None
        self.judges_in_words = settings.judge.kind == "chat"
        self._masked = _masked_kinds(chosen)

    @property
    def asks_model(self) -> bool:
        """Whether any filter asks a model."""
        return bool(self._askers)

    @property
    def rates(self) -> bool:
        """Whether the judge scores candidates that a recipe chooses among."""
        return self._rater is not None

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Judged:
        """Return `sample` with the verdicts of the filters that need no model, up to the first drop."""
        judged = Judged(sample)
        for name, rule in self._rules:
            try:
                verdict = rule.judge(sample, passages)
            except Exception as error:  # noqa: BLE001  # a filter of others' may raise anything; one sample is lost
                verdict = _failed(name, error)
            judged = _with(judged, verdict, name)
            if not judged.keep:
                break
        return judged

    async def judge_with(self, judged: Judged, passages: tuple[Passage, ...], ask: Ask) -> Judged:
        """Return `judged` with the verdicts of the filters that ask a model, up to the first drop.

        Nothing is asked about a sample that is dropped already.
        """
        for name, asker in self._askers:
            if not judged.keep:
                break
            try:
                verdict = await asker.judge_with(judged.sample, passages, ask)
            except Exception as error:  # noqa: BLE001  # as above
                verdict = _failed(name, error)
            judged = _with(judged, verdict, name)
        return judged

    def too_long(self, sample: Sample, passages: tuple[Passage, ...]) -> bool:
        """Whether a sample is dropped for its length, whatever stands in it."""
        own = (rule for name, rule in self._rules if name == "length")
        return any(rule.judge(sample, passages).reason.endswith("_too_long") for rule in own)

    async def ask_all(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> None:
        """Ask all that the filters have to ask about a sample, whatever becomes of it."""
        for _, asker in self._askers:
            await asker.judge_with(sample, passages, ask)

    async def rate(self, sample: Sample, passages: tuple[Passage, ...], ask: Ask) -> Verdict:
        """Return the judge's verdict on one of several candidates."""
        assert self._rater is not None
        [verdict] = _with(
            Judged(sample), await self._rater.judge_with(sample, passages, ask), "judge"
        ).verdicts
        return verdict

    def released(self, sample: Sample) -> Sample:
        """Return `sample` as it may leave the house: itself, or a copy with personal data masked.

        Only kinds whose policy is `mask` are touched. What is judged and stored is never changed.
        """
        return masked_sample(sample, self._masked) if self._masked else sample


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


def _chosen(choice: Choice, settings: Settings) -> _Chosen:
    entry = filters.get(choice.name)
    options = dict(choice.options)
    sampling = Sampling(
        settings.model_name, temperature=0.0, max_output_tokens=settings.llm.max_output_tokens
    )
    if entry.judges:
        sampling = _judge_sampling(settings)
        options = _judge_options(settings, entry) | options
    setup = FilterSetup(
        options=validated(entry.options, options, f"filters.{choice.name}"),
        sampling=sampling,
        seed=settings.seed,
        spoken=settings.spoken,
        spoken_by=_spoken_by(settings),
    )
    return _Chosen(choice.name, entry, setup)


def _rater(chosen: list[_Chosen], settings: Settings) -> ModelFilter:
    """Return the judge, as it stands among the filters, or else as the settings have it."""
    name = _JUDGE[settings.judge.kind]
    judge = next((each for each in chosen if each.name == name), None) or _chosen(Choice(name=name), settings)
    built = judge.entry.build(judge.setup)
    assert isinstance(built, ModelFilter)
    return built


def _spoken_by(settings: Settings) -> dict[str, Spoken]:
    """Return the languages of the recipes that have their own, by label."""
    named = zip(labels(settings.recipes), settings.recipes, strict=True)
    spoken = {label: choice.spoken(settings.spoken) for label, choice in named}
    return {label: own for label, own in spoken.items() if own != settings.spoken}


def _judge_sampling(settings: Settings) -> Sampling:
    """Return how the judge is asked: by its own name without the provider, else as the generating model."""
    judge = settings.judge.model
    model = (judge.partition("/")[2] or judge) if judge else settings.model_name
    if settings.judge.kind == "reward":
        return Sampling(model)
    return Sampling(model, temperature=0.0, max_output_tokens=settings.llm.max_output_tokens)


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


def _masked_kinds(chosen: list[_Chosen]) -> frozenset[PrivateKind]:
    options = (filter_.setup.options for filter_ in chosen)
    masks = (option.kinds("mask") for option in options if isinstance(option, PersonalDataOptions))
    return frozenset[PrivateKind]().union(*masks)


def _failed(name: str, error: Exception) -> Verdict:
    """Return what a filter's own error says of the sample; an error that ends the run does so."""
    for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
        if isinstance(each, TunesmithError):
            raise error
    return Verdict(name, False, "filter_failed", detail=f"{name} raised {type(error).__name__}: {error}")


def _with(judged: Judged, verdict: Verdict, name: str) -> Judged:
    """Return `judged` with one more verdict; one whose score is no share is a failure of its filter."""
    if not isinstance(verdict, Verdict):
        said = f"{name} returned {type(verdict).__name__}, and no verdict"
        verdict = Verdict(name, False, "filter_failed", detail=said)
    if verdict.score is not None and not (math.isfinite(verdict.score) and 0 <= verdict.score <= 1):
        verdict = Verdict(verdict.filter, False, "filter_failed", None, f"its score was {verdict.score}")
    return replace(judged, verdicts=(*judged.verdicts, verdict))


def _fingerprint(chosen: list[_Chosen]) -> str:
    """Return a digest of everything that decides a verdict: filters, their order and their set-up.

    The program's version is in it, since its rules may change, and so is what the options' files hold.
    """
    payload = [
        {
            "name": filter_.name,
            "options": filter_.setup.options.model_dump(mode="json"),
            "files": [_file_digest(path) for path in _paths(filter_.setup.options)],
            "sampling": filter_.setup.sampling if filter_.entry.needs_model else None,
            "spoken": filter_.setup.spoken,
            "spoken_by": filter_.setup.spoken_by,
            "seed": filter_.setup.seed,
        }
        for filter_ in chosen
    ]
    deciding = {"version": version("tunesmith"), "filters": payload}
    return hashlib.sha256(orjson.dumps(deciding, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _paths(options: Options) -> list[Path]:
    values = (getattr(options, name) for name in type(options).model_fields)
    items = (item for value in values for item in (value if isinstance(value, tuple) else (value,)))
    return [item for item in items if isinstance(item, Path)]


def _file_digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
