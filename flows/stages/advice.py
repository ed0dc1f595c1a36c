"""What to change where no sample was kept: the setting, the best score, and a value that keeps some."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor

from schemas.ledger import End, Outcome
from schemas.registry import providers
from schemas.requests import FailureReason
from schemas.samples import Judged
from schemas.settings import Settings

# Which filters drop by a least score, and what each calls it.
_LEAST = {"judge_score_low": "judge", "reward_low": "reward"}
_ELSE = "choose other recipes, filters or a model; dropped samples and their reasons stay in the run folder"

_NO_FACTS = (
    "the built-in engine asks only about what documents with a title state outright: definitions, lists, "
    "tables, values, sections; a model reads any text (tunesmith build --model)"
)
_BUDGET = "the budget is used up: with a larger one, the same command goes on from here"


@dataclass(slots=True)
class _Seen:
    """The samples' best scores: of those that no filter dropped, and by the reason of those that one did."""

    kept: float | None = None
    low: dict[str, float] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, judged: Judged) -> None:
        """Take in one sample."""
        if judged.keep:
            self.kept = max(self.kept or 0.0, judged.score)
            return
        dropped = next(verdict for verdict in judged.verdicts if not verdict.keep)
        self.reasons[dropped.reason] += 1
        self.details.setdefault(dropped.reason, dropped.detail)
        if dropped.score is not None:
            self.low[dropped.reason] = max(self.low.get(dropped.reason, 0.0), dropped.score)


def advice(samples: Iterable[Judged], settings: Settings, outcomes: Iterable[Outcome] = ()) -> str:
    """Return what to change so that some of `samples` are kept, of which none was.

    Where there are none at all, the `outcomes` of the requests say why.
    """
    seen = _Seen()
    for judged in samples:
        seen.add(judged)
    if seen.kept is not None:
        least = settings.select.min_score
        return _lower("select.min_score", least, seen.kept) if seen.kept < least else _ELSE
    reason = next((reason for reason, _ in seen.reasons.most_common() if reason in _LEAST), "")
    if reason in seen.low:
        return _lower(*_least_of(_LEAST[reason], settings), seen.low[reason])
    return _of_commonest(seen) if seen.reasons else _of_requests(outcomes, settings)


def _of_requests(outcomes: Iterable[Outcome], settings: Settings) -> str:
    """Return what the endpoint said to the first request that failed, with what can be done."""
    failed = next((each for each in outcomes if each.end is End.FAILED and each.detail), None)
    if failed is None:
        return _ELSE if providers.get(settings.provider).is_language_model else _NO_FACTS
    if failed.reason == FailureReason.BUDGET.value:
        return _BUDGET
    return f"the first request that failed: {_short(failed.detail)}; {_ELSE}"


def _of_commonest(seen: _Seen) -> str:
    """Return what the commonest reason's first example says, with what can be done about any."""
    reason = next(iter(dict(seen.reasons.most_common(1))), "")
    detail = seen.details.get(reason, "")
    if reason == "reward_out_of_scale":
        return f"{detail}: name the least and the greatest reward, as in --set judge.scale='[-20, 40]'"
    if reason.endswith("_failed") and detail.startswith(FailureReason.BUDGET.value):
        return _BUDGET
    if not detail or reason in ("personal_data", "secret"):
        return _ELSE
    return f"{reason.replace('_', ' ')}: {_short(detail)}; {_ELSE}"


def _least_of(name: str, settings: Settings) -> tuple[str, float]:
    """Return where a filter's least score is set, and what it is."""
    for choice in settings.filters or ():
        own = choice.options.get("min_score")
        if choice.name == name and isinstance(own, int | float):
            return f"filters.{name}.min_score", own
    return "judge.min_score", settings.judge.min_score


def _lower(setting: str, least: float, best: float) -> str:
    how = f"as in --set {setting}={_floored(best, 2)}"
    if setting.startswith("filters."):
        how = f"there, to {_floored(best, 2)} or less"
    return f"{setting} is {least:g} and the best score that there is {_floored(best, 4)}: lower it, {how}"


def _floored(score: float, places: int) -> str:
    return f"{floor(score * 10**places) / 10**places:g}"


def _short(detail: str) -> str:
    line = " ".join(detail.split())
    return line if len(line) <= 160 else f"{line[:159]}…"
