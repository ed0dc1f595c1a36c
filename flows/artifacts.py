"""What a finished run shows in Prefect: its ledger, some rows, where dataset and report are, and an event."""

from itertools import islice
from typing import Any

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact, acreate_table_artifact
from prefect.events import emit_event

from flows.stages.export import stored_selection
from pipeline.store import Place, Run
from schemas.ledger import Tally
from schemas.manifest import Manifest
from schemas.samples import Sample

PUBLISHED = "tunesmith.dataset.published"
SHOWN_SAMPLES = 3


async def show(run: Run, manifest: Manifest) -> None:
    """Create the artifacts of a run that made its dataset."""
    await acreate_table_artifact(
        [row for stage, tally in manifest.ledger.items() for row in _rows(stage, tally)],
        key="tunesmith-ledger",
        description=f"How everything of {manifest.name} ended: in = kept + dropped + failed.",
    )
    await acreate_markdown_artifact(
        _samples(run, manifest), key="tunesmith-samples", description=f"Some rows of {manifest.name}."
    )
    for key, path in (("tunesmith-report", run.folder / "report.html"), ("tunesmith-dataset", run.dataset)):
        await acreate_link_artifact(_address(path), link_text=str(path), key=key)


def announce(run: Run, manifest: Manifest) -> None:
    """Tell everybody who listens that there is a dataset: the event that automations may wait for."""
    emit_event(
        PUBLISHED,
        resource={
            "prefect.resource.id": f"tunesmith.dataset.{manifest.name}",
            "prefect.resource.name": manifest.name,
        },
        payload={
            "dataset": str(run.dataset),
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


def _address(path: Place) -> str:
    return path.resolve().as_uri()
