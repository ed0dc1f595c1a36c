"""What a run's filters and judge are worth, measured on its own samples or on a person's labels."""

from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from flows.stages.export import samples
from flows.stages.job import Job
from flows.stages.record import begun
from flows.stages.workshop import open_workshop, prepare
from output.report.caveats import caveat_told
from output.report.facts import Calibration, CalibrationPoint, PlantedFault
from pipeline import calibrate as curation_test
from pipeline.store import Run
from pipeline.store.whole_files import whole_file
from schemas.errors import RunFolderError
from schemas.settings import Settings

FILE = "calibration.json"
MOST_EXAMPLES = 60
_RULES_ALONE = "rules alone"
_ENOUGH = 10


async def calibrate(job: Job, labels: Path | None = None, most: int = MOST_EXAMPLES) -> Calibration:
    """Measure the run's curation, keep the result in the run folder, and return it.

    Faults are planted in at most `most` samples of the run; `labels` is a file of what a person judged.

    Raises:
        RunFolderError: the run judged no samples yet, or none that could be tried.
        EndpointError: the judge cannot be used.
    """
    shards = begun(job.run.folder).shards
    if labels is not None:
        examples = curation_test.labelled_examples(labels)
    else:
        judged = samples(job.run, shards)
        examples = curation_test.examples_from(
            judged, job.run.documents.get, most=most, seed=job.settings.seed
        )
    if not examples:
        raise RunFolderError(str(job.run.folder), "has no samples to try; run: tunesmith build")
    async with open_workshop(job) as shop:
        found = await curation_test.calibrate(
            examples, shop.curation, shop.ask, job.settings.seed, at_once=job.settings.llm.concurrency
        )
        job.stop.check()
        calibration = _shown(found, job.settings, asks_model=shop.curation.asks_model)
        _keep(job.run, calibration, shop.curation.fingerprint)
    return calibration


def kept_calibration(run: Run, settings: Settings) -> Calibration | None:
    """Return what was measured of the filters that `settings` choose, None where nothing was."""
    path = run.folder / FILE
    if not path.is_file():
        return None
    try:
        kept = orjson.loads(path.read_bytes())
        measured: Calibration = TypeAdapter(Calibration).validate_python(kept["calibration"], strict=False)
    except (orjson.JSONDecodeError, ValidationError, KeyError, TypeError) as error:
        problem = "cannot be read; delete it, or run tunesmith calibrate again"
        raise RunFolderError(str(path), problem) from error
    _, curation = prepare(settings)
    return measured if kept.get("curation") == curation.fingerprint else None


def calibration_text(calibration: Calibration) -> str:
    """Return what was measured, for people."""
    alone = calibration.judge == _RULES_ALONE
    lines = [
        "Dropped by rules alone, without a judge" if alone else f"Judged by {calibration.judge}",
        f"  {calibration.precision:.0%} of what was dropped was spoilt (precision)",
        f"  {calibration.recall:.0%} of what was spoilt was dropped (recall)",
    ]
    for fault in calibration.faults:
        name = fault.name.replace("_", " ") or "good samples"
        by_whom = "" if alone else f", {fault.by_rule} by rule, {fault.by_model} by the model"
        lines.append(f"  {name:<24} {fault.caught} of {fault.planted} dropped{by_whom}")
    if calibration.threshold is not None:
        lines.append(f"  best least score: {calibration.threshold:.2f}, as in --set judge.min_score=...")
    return "\n".join([*lines, *(f"  warning: {caveat_told(warning)}" for warning in calibration.warnings)])


def _shown(found: curation_test.Calibration, settings: Settings, *, asks_model: bool) -> Calibration:
    """Return the result as the report shows it."""
    return Calibration(
        judge=(settings.judge.model or settings.model) if asks_model else _RULES_ALONE,
        precision=found.precision,
        recall=found.recall,
        threshold=found.threshold,
        faults=tuple(
            PlantedFault(each.fault, each.tried, each.by_rule, each.by_model, each.by_either)
            for each in found.caught
        ),
        warnings=(*found.biases, *_caveats(found)),
        points=tuple(
            CalibrationPoint(point.threshold, point.precision, point.recall) for point in found.points
        ),
    )


def _caveats(found: curation_test.Calibration) -> tuple[str, ...]:
    """Return what the number of samples says of the figures."""
    good = sum(each.tried for each in found.caught if not each.fault)
    spoilt = sum(each.tried for each in found.caught if each.fault)
    if not good:
        return ("no_good_samples",)
    return ("few_samples",) if min(good, spoilt) < _ENOUGH else ()


def _keep(run: Run, calibration: Calibration, curation: str) -> None:
    with whole_file(run.folder / FILE) as aside:
        aside.write_bytes(
            orjson.dumps({"curation": curation, "calibration": calibration}, option=orjson.OPT_INDENT_2)
        )
