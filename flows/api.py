"""The Python interface: what the command line does, as functions."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.configuring import configure
from flows.logs import event
from flows.loops import off_the_loop, run_to_end
from flows.progress import progress
from flows.signals import stopped_by_signals
from flows.stages.eyes import Eyes
from flows.stages.foreseeing import expected_by_now
from flows.stages.job import Job, Meter, Stop
from flows.stages.record import begin, begun, spend
from flows.summary import stage_text
from flows.telemetry import SILENT, Telemetry
from flows.ticket import ticket_file
from flows.time_limit import within_time
from flows.tolerance import check_sources
from parsers.sources.finding import expect
from pipeline.store import ObjectPlace, Place, open_run, read_run
from schemas.errors import NeedsModel, RunFolderError, SettingsError, TunesmithError
from schemas.ledger import Tally
from schemas.manifest import Manifest
from schemas.samples import Selected, Split
from schemas.settings import Settings

if TYPE_CHECKING:
    from flows.stages.reviews import Taken
    from output.report.facts import Calibration
    from pipeline.llms.stats import GatewayStats
    from schemas.requests import Usage
    from schemas.reviews import Said


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run: where its dataset is, how everything ended, and its rows.

    `changed` says whether the build made another version of the dataset, None where nothing was built.
    """

    folder: Place
    dataset: Place
    manifest: Manifest
    changed: bool | None = None

    @property
    def ledger(self) -> dict[str, Tally]:
        """How every source, request and sample ended."""
        return self.manifest.ledger

    def samples(self, split: Split | None = None) -> Iterator[Selected]:
        """Yield the dataset's samples with their evidence and verdicts, of one split or of all."""
        from flows.stages.export import stored_selection

        for selected in stored_selection(read_run(self.folder), self.manifest.shards):
            if split is None or selected.split is split:
                yield selected


def build(
    sources: Sequence[str | Path] = (),
    *,
    config: str | Path | None = None,
    direct: bool = False,
    quiet: bool = True,
    **settings: Any,
) -> Result:
    """Make a dataset from `sources`, and return where it is and how everything ended.

    `settings` have the names that the YAML file has. The same call on the same `out` goes on where it ended.

    Raises:
        TunesmithError: with one line that says what, which, and what to do.
    """
    said = settings | ({"sources": [str(source) for source in sources]} if sources else {})
    return run_settings(configure(said, Path(config) if config else None), direct=direct, quiet=quiet)


def run_settings(
    settings: Settings,
    *,
    direct: bool = False,
    quiet: bool = True,
    review: bool = False,
    prefect_logs: bool = False,
    telemetry: Telemetry = SILENT,
) -> Result:
    """Make the dataset that `settings` describe. With `review`, wait for a person to approve it."""
    check(settings)
    expect(settings.sources)
    if direct and review:
        raise SettingsError("", "--review waits in Prefect, and --direct runs without it")
    if direct and settings.partitions.at_once:
        raise SettingsError("", "--partitions are made by Prefect's workers, and --direct runs without it")
    from flows.stages.report import report

    with (
        telemetry.events(),
        open_job(settings, quiet=quiet or telemetry.json_log) as job,
        telemetry.metrics(job),
    ):
        versions = len(begun(job.run.folder).history)
        if direct:
            from flows.stages.build import PlainSteps
            from flows.stages.build import build as build_dataset

            with within_time(job):
                run_to_end(build_dataset(job, PlainSteps()))
        else:
            from flows.launch import build_with_prefect

            build_with_prefect(job, review=review, show_logs=prefect_logs)
    report(job.run)
    made = result(job.run.folder)
    made = replace(made, changed=len(made.manifest.history) > versions)
    check_sources(made.manifest)
    return made


def run_stage(stage: str, settings: Settings, *, direct: bool = False, quiet: bool = True) -> str:
    """Run one of `parse`, `generate`, `curate` and `export` by itself, and return what to tell people.

    Raises:
        TunesmithError: an earlier stage has not been there, or what the stage itself meets.
    """
    from flows.stages.alone import stage_alone
    from flows.stages.parse import something_read
    from flows.stages.report import report

    if stage != "parse":
        read_run(settings.out)  # a name that leads to no run makes none
    with open_job(settings, quiet=quiet) as job:
        if direct:
            with within_time(job):
                run_to_end(stage_alone(stage, job))
        else:
            from flows.launch import run_stage_with_prefect

            run_stage_with_prefect(stage, job)
    if stage == "parse":
        something_read(job.run.sources.read())
    if stage == "export":
        report(job.run)
    return stage_text(stage, job)


def calibrate(folder: str | Place, *, labels: Path | None = None, quiet: bool = True) -> "Calibration":
    """Measure what the filters and the judge of a run are worth, and write it into the run's report.

    Faults are planted in the run's own samples; `labels` is a file of samples that a person judged.

    Raises:
        TunesmithError: there is no finished run, or the judge cannot be used.
    """
    from flows.stages.calibration import calibrate as calibrate_job
    from flows.stages.report import finished, report

    settings = finished(read_run(folder)).settings.model_copy(update={"out": str(folder)})
    with open_job(settings, quiet=quiet) as job:
        measured = run_to_end(calibrate_job(job, labels))
    report(job.run)
    return measured


def review(folder: str | Place, decisions: "Iterable[Said | Mapping[str, object]] | str | Place") -> "Taken":
    """Keep people's decisions on single samples of a run, and write its dataset anew.

    A decision is `{"id": ..., "decision": "keep" | "reject" | "edit" | "undo"}`, an edit with a `question`,
    an `answer` or a `reasoning`. It holds for every later build of the run. Where `decisions` is another run,
    what was decided there of the same words is taken over.

    Raises:
        TunesmithError: a decision is none, or names no sample of the run; no row would be left.
    """
    from flows.stages.decision_files import said_in
    from flows.stages.report import finished
    from flows.stages.reviews import adopt, take
    from schemas.reviews import Said

    settings = finished(read_run(folder)).settings.model_copy(update={"out": str(folder)})
    if isinstance(decisions, str | Path | ObjectPlace):
        with open_job(settings) as job:
            return off_the_loop(partial(adopt, job, read_run(decisions)))
    said = [each if isinstance(each, Said) else said_in(each) for each in decisions]
    with open_job(settings) as job:
        return off_the_loop(partial(take, job, said))


def result(folder: str | Place) -> Result:
    """Return what is known of a finished run.

    Raises:
        RunFolderError: there is no run at `folder`, or it made no dataset yet.
    """
    from flows.stages.report import finished

    run = read_run(folder)
    return Result(run.folder, run.dataset, finished(run))


def check(settings: Settings) -> None:
    """Find what cannot work before anything is read or written.

    Raises:
        UnknownName, SettingsError, NeedsModel: the settings name what is not there, or does not fit.
    """
    from flows.stages.workshop import prepare
    from schemas.registry import formats

    formats.get(settings.format)
    generation, _ = prepare(settings)
    if settings.parse.transcribe:
        _check_eyes(settings)
    if not settings.sources and generation.needs_documents:
        raise SettingsError("sources", "there are none; name files, folders, globs or addresses")


def _check_eyes(settings: Settings) -> None:
    from schemas.registry import providers

    if not providers.get(settings.provider).is_language_model:
        raise NeedsModel("reading pages without a text layer (parse.transcribe)")


@contextmanager
def open_job(settings: Settings, *, quiet: bool = True) -> Iterator[Job]:
    """Give the job that `settings` describe, with its folder locked, its display, and its books kept."""
    with open_run(settings.out) as run:
        stop = Stop()
        job = Job(settings, run, stop=stop, eyes=Eyes(stop) if settings.parse.transcribe else None)
        began = time.monotonic()
        ticket_file(run.scratch).unlink(missing_ok=True)  # of a run that was killed while it waited
        begin(job)
        event("run started", run=str(run.folder), model=settings.model, sources=len(settings.sources))
        error = ""
        try:
            watch = partial(_watched, job)
            with stopped_by_signals(job.stop), progress(watch, quiet=quiet) as say:
                job.hear.append(say)
                yield job
        except TunesmithError as ended_by:
            error = str(ended_by)
            raise
        finally:
            with suppress(RunFolderError) if error else nullcontext():  # what ended the run is what counts
                spend(job, time.monotonic() - began)
            event("run ended", run=str(run.folder), error=error, seconds=round(time.monotonic() - began, 3))


def _watched(job: Job) -> "tuple[Meter, GatewayStats | None, Usage]":
    return job.meter, job.stats(), expected_by_now(job)
