"""Judges samples: the chosen filters in their order, rules first, a model only for what is alive."""

import math
from dataclasses import replace

from pipeline.chosen_filters import Chosen, chosen_filters, chosen_judge, fingerprint, judge_sampling
from pipeline.facts.private import PrivateKind
from pipeline.filters.personal_data import PersonalDataOptions
from pipeline.masking import masked_sample
from pipeline.mix import aids_of
from schemas.contracts import Ask, Filter, ModelFilter
from schemas.documents import Passage
from schemas.errors import TunesmithError
from schemas.samples import Judged, Sample, Verdict
from schemas.settings import Settings


class Curation:
    """The filters that settings ask for, built once and used for every sample.

    Raises:
        UnknownName: settings name a filter that nothing is registered under.
        SettingsError: a filter's options cannot be used.
        NeedsModel: settings name a filter that asks a model, and there is none.
    """

    def __init__(self, settings: Settings, *, language_model: bool) -> None:
        chosen = chosen_filters(settings, language_model=language_model)
        self._rules: list[tuple[str, Filter]] = []
        self._askers: list[tuple[str, ModelFilter]] = []
        for each in chosen:
            built = each.build()
            if isinstance(built, ModelFilter):
                self._askers.append((each.name, built))
            else:
                self._rules.append((each.name, built))
        self.fingerprint = fingerprint(chosen)
        self.judges = any(each.entry.judges for each in chosen) or "judge" in aids_of(settings)
        self.judge_sampling = judge_sampling(settings)
        self._rater = chosen_judge(chosen, settings) if "judge" in aids_of(settings) else None
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


def _masked_kinds(chosen: list[Chosen]) -> frozenset[PrivateKind]:
    options = (each.setup.options for each in chosen)
    masks = (option.kinds("mask") for option in options if isinstance(option, PersonalDataOptions))
    return frozenset[PrivateKind]().union(*masks)
