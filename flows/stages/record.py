"""What a run writes down of itself, at its start and at its end."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from flows.stages.job import Job
from pipeline.llms.replies import spent_on
from schemas.ledger import Ledger, Stage
from schemas.manifest import DatasetFile, Manifest

# The libraries whose versions decide what a run makes.
_DECIDING = (
    "tunesmith",
    "pypdf",
    "pypdfium2",
    "python-docx",
    "beautifulsoup4",
    "trafilatura",
    "openai",
    "pyarrow",
)


def begin(job: Job) -> None:
    """Save the manifest of a run that starts or goes on. Its settings are enough to go on with it."""
    earlier = job.run.manifest()
    job.run.save_manifest(
        Manifest(
            name=job.run.folder.resolve().name,
            created=earlier.created if earlier else _now(),
            updated=_now(),
            settings=job.settings,
            versions=_versions(),
            usage=earlier.usage if earlier else {},
            shards=earlier.shards if earlier else (),
            finished=earlier.finished if earlier else False,
            seconds=earlier.seconds if earlier else {},
            ledger=earlier.ledger if earlier else {},
            files=earlier.files if earlier else (),
        )
    )


def spend(job: Job, seconds: float) -> None:
    """Save what was spent until now, over all sessions, however this one ended."""
    manifest = _begun(job)
    total = {"total": manifest.seconds.get("total", 0.0) + seconds}
    _save(job, manifest, usage=dict(spent_on(job.run.replies)), seconds=total)


def finish(job: Job, ledger: Ledger, files: tuple[DatasetFile, ...], shards: Sequence[str]) -> None:
    """Save that the run made its dataset, and how everything ended."""
    tallies = {stage.value: ledger.tally(stage) for stage in Stage}
    _save(job, _begun(job), ledger=tallies, files=files, shards=tuple(shards), finished=True)


def _begun(job: Job) -> Manifest:
    manifest = job.run.manifest()
    assert manifest is not None, "begin() comes first"
    return manifest


def _save(job: Job, manifest: Manifest, **changes: object) -> None:
    job.run.save_manifest(manifest.model_copy(update={**changes, "updated": _now()}))


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _DECIDING:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
