"""What a run writes down of itself, at its start and at its end."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from flows.stages.job import Job
from flows.stages.versions import VersionRow, keep_version
from pipeline.llms.replies import spent_on, tidy_replies
from pipeline.store import Place, read_run
from schemas.errors import RunFolderError
from schemas.ledger import Ledger, Stage
from schemas.manifest import DatasetFile, Manifest

# The libraries whose versions decide what a run makes.
_DECIDING = (
    "tunesmith",
    "pypdf",
    "pypdfium2",
    "python-docx",
    "beautifulsoup4",
    "openai",
    "pyarrow",
)


def begin(job: Job) -> None:
    """Save the manifest of a run that starts or goes on. Its settings are enough to go on with it."""
    now = _now()
    earlier = job.run.manifest() or Manifest(
        name=job.run.folder.resolve().name, created=now, updated=now, settings=job.settings
    )
    _save(job, earlier, settings=job.settings, versions=_versions())
    tidy_replies(job.run.replies)


def begun(folder: str | Place) -> Manifest:
    """Return what the run at `folder` says of itself.

    Raises:
        RunFolderError: there is no run, or it never began.
    """
    manifest = read_run(folder).manifest()
    if manifest is None:
        raise RunFolderError(str(folder), "never began; run: tunesmith build")
    return manifest


def spend(job: Job, seconds: float) -> None:
    """Save what was spent until now, over all sessions, however this one ended."""
    manifest = _begun(job)
    total = {"total": manifest.seconds.get("total", 0.0) + seconds}
    expected = job.meter.expected
    estimates = expected.by_account if expected else manifest.estimates
    _save(job, manifest, estimates=estimates, usage=dict(spent_on(job.run.replies)), seconds=total)


def finish(
    job: Job,
    ledger: Ledger,
    files: tuple[DatasetFile, ...],
    shards: Sequence[str],
    rows: list[VersionRow],
    shortfall: str = "",
    without_vector: Mapping[str, int] | None = None,
) -> None:
    """Save that the run made its dataset, which version of it, how everything ended, and what is lacking."""
    manifest = _begun(job)
    history = keep_version(job.run, manifest.history, rows, _later_than(manifest.updated))
    _save(
        job,
        manifest,
        ledger={stage.value: ledger.tally(stage) for stage in Stage},
        files=files,
        shards=tuple(shards),
        history=history,
        shortfall=shortfall,
        without_vector=dict(without_vector or {}),
        finished=True,
    )


def _begun(job: Job) -> Manifest:
    manifest = job.run.manifest()
    assert manifest is not None, "begin() comes first"
    return manifest


def _save(job: Job, manifest: Manifest, **changes: object) -> None:
    updated = _later_than(manifest.updated)
    job.run.save_manifest(manifest.model_copy(update={**changes, "updated": updated}))


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _DECIDING:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _later_than(earlier: str) -> str:
    """Return the time, or `earlier` where the clock went back: a run's records stand in their order."""
    return max(earlier, _now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
