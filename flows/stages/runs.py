"""The run folders below a folder, and what a run can do without."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.stages.alone import candidates
from flows.stages.curate import judged_shard
from flows.stages.job import Job
from flows.stages.record import begun
from flows.stages.versions import version_file
from flows.stages.workshop import prepare
from pipeline.store import Place, Run, open_run, place_of, read_run
from schemas.errors import RunFolderError
from schemas.ledger import End
from schemas.manifest import Manifest


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A run folder. `manifest` is None where it cannot be read; `problem` says why."""

    folder: Place
    manifest: Manifest | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed from a run folder."""

    files: int
    bytes: int


def find_runs(address: str | Place) -> list[FoundRun]:
    """Return the runs in a folder or prefix, or right below it, the one that was at work last first.

    Raises:
        RunFolderError: there is no such folder.
    """
    folder = place_of(address)
    try:
        if not folder.is_dir():
            raise RunFolderError(str(folder), "is no folder; name the one that your runs are in")
        below: list[Place] = sorted(folder.iterdir(), key=str)
        found = [run for place in (folder, *below) if (run := _found(place)) is not None]
    except OSError as error:
        raise RunFolderError(str(folder), f"cannot be read ({error.strerror})") from error
    return sorted(found, key=lambda run: run.manifest.updated if run.manifest else "", reverse=True)


def prune(folder: str | Place, *, keep_versions: int | None = None) -> Pruned:
    """Remove what neither the present dataset nor going on with the run's settings needs.

    All of it can be made anew from the journal of replies, which stays. `keep_versions` is how many of the
    last versions' lists of rows stay; all by default.

    Raises:
        RunFolderError: there is no run at `folder`, or it never began.
        RunLocked: it is at work.
    """
    begun(folder)
    with open_run(folder) as run:
        doomed = [path for path in _unneeded(run, begun(folder), keep_versions) if path.is_file()]
        freed = sum(path.stat().st_size for path in doomed)
        try:
            for path in doomed:
                path.unlink()
        except OSError as error:
            raise RunFolderError(str(folder), f"cannot be pruned ({error.strerror})") from error
    return Pruned(len(doomed), freed)


def _found(place: Place) -> FoundRun | None:
    if not (place / ".tunesmith").is_file():
        return None
    try:
        manifest = read_run(place).manifest()
    except RunFolderError as error:
        return FoundRun(place, None, error.problem)
    return FoundRun(place, manifest, "" if manifest else "never began")


def _unneeded(run: Run, manifest: Manifest, keep_versions: int | None) -> Iterator[Place]:
    made, judged = _needed_shards(run, manifest)
    for folder, needed in (("candidates", made), ("samples", judged), ("documents", _needed_documents(run))):
        for path in (run.folder / folder).rglob("*.parquet"):
            if path.stem not in needed:
                yield path
    if keep_versions is not None:
        for version in manifest.history[: -max(keep_versions, 1)]:
            yield version_file(run, version.number)


def _needed_shards(run: Run, manifest: Manifest) -> tuple[set[str], set[str]]:
    """Return the shards of candidates and of judged samples that the run's settings and dataset lead to."""
    _, curation = prepare(manifest.settings)
    try:
        made = set(candidates(Job(manifest.settings, run)))
    except RunFolderError:  # the settings that the run began with last have made nothing yet
        made = set()
    return made, set(manifest.shards) | {judged_shard(shard, curation) for shard in made}


def _needed_documents(run: Run) -> set[str]:
    index = run.documents.index()
    ids = {row.document_id for row in run.sources.read() if row.end is not End.DROPPED and row.document_id}
    return {index[id_].shard for id_ in ids if id_ in index}
