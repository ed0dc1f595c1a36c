"""Runs curation over good and spoilt samples, and says what its verdicts are worth."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.calibrate.bias import biases
from pipeline.calibrate.curve import Point, best_threshold, points
from pipeline.calibrate.examples import Example
from pipeline.calibrate.faults import FAULTS, planted
from pipeline.calibrate.scores import is_unjudged, model_score
from pipeline.curation import Curation
from schemas.contracts import Ask
from schemas.requests import Completion, Request
from schemas.samples import Judged


@dataclass(frozen=True, slots=True)
class Caught:
    """How many samples with one fault were tried, and dropped by rule, by a model, and by either.

    The model gave no verdict on `unjudged` of them; that is no catch.
    """

    fault: str
    tried: int
    by_rule: int
    by_model: int
    by_either: int
    unjudged: int = 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the verdicts are worth. `caught` starts with the good samples, whose fault is empty.

    Precision is the share of the drops that were right, recall the share of the faults that were dropped;
    both are of rules and model together. `threshold` is the least score of the model's that parts good from
    spoilt best, None without a model, and `points` are what other ones would do. `biases` names what is
    wrong with the judge.
    """

    caught: tuple[Caught, ...]
    precision: float
    recall: float
    threshold: float | None
    biases: tuple[str, ...]
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """One sample's fate. `score` is None where no model gave one."""

    example: Example
    by_rule: bool
    by_model: bool
    score: float | None
    unjudged: bool

    @property
    def dropped(self) -> bool:
        return self.by_rule or self.by_model


async def calibrate(
    examples: Sequence[Example], curation: Curation, ask: Ask, seed: int = 0, *, at_once: int = 32
) -> Calibration:
    """Return what `curation` makes of `examples`.

    Where all of them are good, faults are planted in copies; labelled ones are taken as they are. The
    model is asked about every sample, also where a rule would have dropped it, so that it is measured alone;
    `at_once` requests at a time, at most.
    """
    tried = list(examples)
    if all(not example.fault for example in examples):
        tried += _spoilt(examples, random.Random(seed))
    ask = _bounded(ask, at_once)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_trial(example, curation, ask)) for example in tried]
    trials = [task.result() for task in tasks]
    found = await _biases(trials, curation, ask) if curation.asks_model else ()
    return _calibration(trials, found)


async def _biases(trials: Sequence[_Trial], curation: Curation, ask: Ask) -> tuple[str, ...]:
    good, bad = _parted(trials)
    unjudged = sum(trial.unjudged for trial in trials) / max(1, len(trials))
    examples = [trial.example for trial in good], [trial.example for trial in bad]
    return await biases(*examples, (_scores(good), _scores(bad)), unjudged, curation, ask)


def _calibration(trials: Sequence[_Trial], found: tuple[str, ...]) -> Calibration:
    good, bad = _parted(trials)
    dropped_good, dropped_bad = (sum(trial.dropped for trial in part) for part in (good, bad))
    scores = _scores(good), _scores(bad)
    return Calibration(
        tuple(_caught(fault, trials) for fault in sorted({trial.example.fault for trial in trials})),
        precision=dropped_bad / max(1, dropped_bad + dropped_good),
        recall=dropped_bad / max(1, len(bad)),
        threshold=best_threshold(*scores),
        biases=found,
        points=points(*scores),
    )


def _parted(trials: Sequence[_Trial]) -> tuple[list[_Trial], list[_Trial]]:
    """Return the good and the spoilt."""
    return [t for t in trials if not t.example.fault], [t for t in trials if t.example.fault]


def _bounded(ask: Ask, at_once: int) -> Ask:
    room = asyncio.Semaphore(at_once)

    async def bounded(request: Request) -> Completion:
        async with room:
            return await ask(request)

    return bounded


def _spoilt(examples: Sequence[Example], random_: random.Random) -> list[Example]:
    return [
        replace(example, sample=spoilt, fault=fault)
        for example in examples
        for fault in FAULTS
        if (spoilt := planted(example, fault, examples, random_)) is not None
    ]


async def _trial(example: Example, curation: Curation, ask: Ask) -> _Trial:
    by_rule = curation.judge(example.sample, example.passages)
    by_model = await curation.judge_with(Judged(example.sample), example.passages, ask)
    unjudged = is_unjudged(by_model)
    return _Trial(
        example, not by_rule.keep, not by_model.keep and not unjudged, model_score(by_model), unjudged
    )


def _scores(trials: Sequence[_Trial]) -> list[float]:
    return [trial.score for trial in trials if trial.score is not None]


def _caught(fault: str, trials: Sequence[_Trial]) -> Caught:
    of = [trial for trial in trials if trial.example.fault == fault]
    return Caught(
        fault,
        len(of),
        sum(trial.by_rule for trial in of),
        sum(trial.by_model for trial in of),
        sum(trial.dropped for trial in of),
        sum(trial.unjudged for trial in of),
    )
