"""Which of several judged answers to a question is the better one of a pair, and which the worse."""

from dataclasses import dataclass, replace

from pipeline.contests import said
from schemas.requests import Message
from schemas.samples import Judged, Sample, Scored, Verdict


@dataclass(frozen=True, slots=True)
class Rules:
    """How far apart two scores must be, and by which share of the longer one their lengths may differ."""

    min_gap: float
    length_difference: float


def pair_of(candidates: tuple[Judged, ...], rules: Rules) -> Sample:
    """Return the best candidate as `chosen` and the worst one of about its length as `rejected`.

    They stay as they are. Where they make no pair, the sample says why as its fault: `candidates_missing`,
    `candidates_agree`, `candidates_unscored`, `no_good_candidate`, `scores_tie` or `lengths_differ`.
    """
    fault = _without_choice(candidates)
    if fault:
        return replace(_pair(candidates[0], candidates[-1]), fault=fault)
    ranked = sorted((each for each in candidates if _score(each) is not None), key=lambda each: -each.score)
    best, worst = ranked[0], ranked[-1]
    if not best.keep:
        return replace(_pair(best, worst), fault="no_good_candidate")
    worse = [each for each in ranked[1:] if _gap(best, each) >= rules.min_gap]
    if not worse:
        return replace(_pair(best, worst), fault="scores_tie")
    alike = [each for each in worse if _is_as_long(best, each, rules.length_difference)]
    return _pair(best, alike[-1]) if alike else replace(_pair(best, worst), fault="lengths_differ")


def _without_choice(candidates: tuple[Judged, ...]) -> str:
    """Return why there is nothing to choose from, empty where there is."""
    if len(candidates) < 2:
        return "candidates_missing"
    if len({said(each.sample) for each in candidates}) < 2:
        return "candidates_agree"
    scored = {said(each.sample) for each in candidates if _score(each) is not None}
    return "" if len(scored) > 1 else "candidates_unscored"


def _gap(better: Judged, worse: Judged) -> float:
    return round(better.score - worse.score, 6)  # 0.8 - 0.6 is below 0.2 in binary


def _is_as_long(one: Judged, other: Judged, difference: float) -> bool:
    lengths = sorted((len(one.sample.answer), len(other.sample.answer)))
    return lengths[1] - lengths[0] <= difference * lengths[1]


def _pair(better: Judged, worse: Judged) -> Sample:
    """Return what both are, side by side. The sample leans on the evidence of the better one."""
    draft = better.sample
    return replace(
        draft,
        messages=draft.messages[:-1],
        chosen=_turn(draft),
        rejected=_turn(worse.sample),
        scored=tuple(map(_scored, (better, worse))),
    )


def _turn(candidate: Sample) -> Message:
    return Message("assistant", candidate.answer)


def _scored(candidate: Judged) -> Scored:
    [verdict] = candidate.verdicts or (Verdict("judge", keep=False, reason="not_judged"),)
    return Scored(candidate.sample.id, candidate.sample.origin.model, verdict)


def _score(candidate: Judged) -> float | None:
    return candidate.verdicts[0].score if candidate.verdicts else None
