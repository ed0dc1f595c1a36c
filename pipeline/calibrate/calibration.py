"""Runs curation over good and spoilt samples, and says what its verdicts are worth."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from pipeline.calibrate.bias import biases
from pipeline.calibrate.faults import FAULTS, planted
from pipeline.curation import Curation
from schemas.contracts import Ask
from schemas.documents import Passage
from schemas.samples import Judged, Sample


@dataclass(frozen=True, slots=True)
class Example:
    """A sample with its passages. `fault` is empty for a good one; a user's own label may be any word."""

    sample: Sample
    passages: tuple[Passage, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Caught:
    """How many samples with one fault were tried, and dropped by rule, by a model, and by either."""

    fault: str
    tried: int
    by_rule: int
    by_model: int
    by_either: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the verdicts are worth. `caught` starts with the good samples, whose fault is empty.

    Precision is the share of the drops that were right, recall the share of the faults that were dropped;
    both are of rules and model together. `threshold` is the least score of the model's that parts good from
    spoilt best, None without a model. `biases` names what is wrong with the judge.
    """

    caught: tuple[Caught, ...]
    precision: float
    recall: float
    threshold: float | None
    biases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    example: Example
    by_rule: bool
    by_model: bool
    score: float


async def calibrate(examples: Sequence[Example], curation: Curation, ask: Ask, seed: int = 0) -> Calibration:
    """Return what `curation` makes of `examples`.

    Where all of them are good, faults are planted in copies; labelled ones are taken as they are. The
    model is asked about every sample, also where a rule would have dropped it, so that it is measured alone.
    """
    tried = list(examples)
    if all(not example.fault for example in examples):
        tried += _spoilt(examples, random.Random(seed))
    trials = [await _trial(example, curation, ask) for example in tried]
    good = [trial for trial in trials if not trial.example.fault]
    bad = [trial for trial in trials if trial.example.fault]
    dropped_bad = sum(trial.by_rule or trial.by_model for trial in bad)
    dropped_good = sum(trial.by_rule or trial.by_model for trial in good)
    found: tuple[str, ...] = ()
    if curation.asks_model:
        scores = [trial.score for trial in good], [trial.score for trial in bad]
        parts = [trial.example for trial in good], [trial.example for trial in bad]
        found = await biases(*parts, scores, curation, ask)
    return Calibration(
        tuple(_caught(fault, trials) for fault in sorted({trial.example.fault for trial in trials})),
        precision=dropped_bad / max(1, dropped_bad + dropped_good),
        recall=dropped_bad / max(1, len(bad)),
        threshold=_threshold(good, bad) if curation.asks_model else None,
        biases=found,
    )


def _spoilt(examples: Sequence[Example], random_: random.Random) -> list[Example]:
    samples = [example.sample for example in examples]
    return [
        replace(example, sample=spoilt, fault=fault)
        for example in examples
        for fault in FAULTS
        if (spoilt := planted(example.sample, fault, samples, random_)) is not None
    ]


async def _trial(example: Example, curation: Curation, ask: Ask) -> _Trial:
    by_rule = curation.judge(example.sample, example.passages)
    by_model = await curation.judge_with(Judged(example.sample), example.passages, ask)
    return _Trial(example, not by_rule.keep, not by_model.keep, by_model.score)


def _caught(fault: str, trials: Sequence[_Trial]) -> Caught:
    of = [trial for trial in trials if trial.example.fault == fault]
    return Caught(
        fault,
        len(of),
        sum(trial.by_rule for trial in of),
        sum(trial.by_model for trial in of),
        sum(trial.by_rule or trial.by_model for trial in of),
    )


def _threshold(good: Sequence[_Trial], bad: Sequence[_Trial]) -> float | None:
    """Return the least score that keeps the good and drops the spoilt best, each counting half."""
    if not good or not bad:
        return None

    def worth(least: float) -> float:
        kept = fmean(trial.score >= least for trial in good)
        return kept + fmean(trial.score < least for trial in bad)

    scores = sorted({trial.score for trial in (*good, *bad)})
    return max(scores, key=lambda least: (worth(least), least))
