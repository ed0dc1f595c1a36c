"""What a run shows in Prefect: how far it is, then its ledger, some rows, links, and an event.

Artifacts are named after the run, so that each dataset has a history of its own.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from httpx import HTTPError
from prefect.artifacts import (
    acreate_link_artifact,
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.events import emit_event

from flows.progress import figures_of
from flows.stages.export import stored_selection
from flows.stages.foreseeing import expected_by_now
from flows.stages.job import Job
from pipeline.store import Run
from schemas.ledger import Tally
from schemas.manifest import Manifest
from schemas.samples import Sample

if TYPE_CHECKING:
    from uuid import UUID

PUBLISHED = "tunesmith.dataset.published"
SHOWN_SAMPLES = 3
# A look costs the server some 10 ms of processor time. Shorter runs show no progress.
PROGRESS_EVERY_S = 10.0


class _Shown:
    """The progress of a job as Prefect shows it, from the first look on."""

    def __init__(self, job: Job) -> None:
        self._job, self._began = job, time.monotonic()
        self._artifact: UUID | None = None

    async def go_on(self) -> None:
        """Show every few seconds how far the job is. A server that is away shows it later."""
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            await self._show(99.0)

    async def end(self) -> None:
        """Show that all is done, where anything was shown."""
        if self._artifact is not None:
            await self._show(100.0)

    async def _show(self, most: float) -> None:
        meter = self._job.meter
        share = most if most == 100.0 else min(most, 100 * meter.batches_done / max(meter.batches, 1))
        figures = figures_of(
            meter, self._job.stats(), expected_by_now(self._job), time.monotonic() - self._began
        )
        told = ", ".join(f"{name} {value}" for name, value in figures)
        try:
            if self._artifact is None:
                key = artifact_key("progress", self._job.run.folder.name)
                self._artifact = await acreate_progress_artifact(share, key=key, description=told)
            else:
                await aupdate_progress_artifact(self._artifact, share, description=told)
        except HTTPError:
            return


@asynccontextmanager
async def progress_shown(job: Job) -> AsyncIterator[None]:
    """Show in Prefect how far the job is, until the block ends."""
    shown = _Shown(job)
    showing = asyncio.create_task(shown.go_on())
    try:
        yield
    finally:
        showing.cancel()
    await shown.end()


def artifact_key(what: str, run: str) -> str:
    """Return what one of a run's artifacts is called: lower-case letters, digits and dashes."""
    slug = re.sub(r"[^a-z0-9]+", "-", run.lower()).strip("-")
    return f"tunesmith-{what}-{slug}" if slug else f"tunesmith-{what}"


async def show(run: Run, manifest: Manifest) -> None:
    """Create the artifacts of a run that made its dataset."""
    await acreate_table_artifact(
        [row for stage, tally in manifest.ledger.items() for row in _rows(stage, tally)],
        key=artifact_key("ledger", manifest.name),
        description=f"How everything of {manifest.name} ended: in = kept + dropped + failed.",
    )
    await acreate_markdown_artifact(
        _samples(run, manifest),
        key=artifact_key("samples", manifest.name),
        description=f"Some rows of {manifest.name}.",
    )
    for what, path in (("report", run.folder / "report.html"), ("dataset", run.dataset)):
        key = artifact_key(what, manifest.name)
        await acreate_link_artifact(path.resolve().as_uri(), link_text=str(path), key=key)


def announce(run: Run, manifest: Manifest) -> None:
    """Tell everybody who listens that there is a dataset: the event that automations may wait for."""
    emit_event(
        PUBLISHED,
        resource={
            "prefect.resource.id": f"tunesmith.dataset.{manifest.name}",
            "prefect.resource.name": manifest.name,
        },
        payload={
            "dataset": str(run.dataset.resolve()),  # whoever listens may stand elsewhere
            "rows": _rows_by_split(manifest),
            "files": {file.path: file.sha256 for file in manifest.files},
            "model": manifest.settings.model,
        },
    )


def _rows_by_split(manifest: Manifest) -> dict[str, int]:
    rows: dict[str, int] = {}
    for file in manifest.files:
        rows[file.split] = rows.get(file.split, 0) + file.rows
    return rows


def _rows(stage: str, tally: Tally) -> list[dict[str, Any]]:
    ends = [("in", "", tally.entered), ("kept", "", tally.kept)]
    ends += [("dropped", reason, count) for reason, count in tally.dropped.items()]
    ends += [("failed", reason, count) for reason, count in tally.failed.items()]
    return [{"stage": stage, "end": end, "reason": reason, "count": count} for end, reason, count in ends]


def _samples(run: Run, manifest: Manifest) -> str:
    chosen = islice(stored_selection(run, manifest.shards), SHOWN_SAMPLES)
    return "\n\n---\n\n".join(_sample(each.judged.sample) for each in chosen)


def _sample(sample: Sample) -> str:
    quotes = [f"> {' '.join(span.quote.split())}" for span in sample.evidence[:1]]
    return "\n\n".join([f"**{sample.question}**", sample.answer, *quotes])
