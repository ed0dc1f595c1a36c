"""How a flow run ends, as Prefect shows it: the states say what a person needs to know."""

from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Crashed, Failed

from flows.tolerance import check_sources, failed_text
from schemas.errors import DocumentsFailed, Interrupted, NotPublished, TimedOut, TunesmithError
from schemas.ledger import Stage
from schemas.manifest import Manifest

WITH_FAILURES = "CompletedWithFailures"


def finished_state(manifest: Manifest) -> State[None]:
    """Return the state of a run that made its dataset: a warning where sources failed, or a failure.

    `fail_on` of the settings decides whether failed sources fail the run.
    """
    sources = manifest.ledger[Stage.SOURCES.value]
    rows = sum(file.rows for file in manifest.files)
    if not sources.failed:
        return Completed(message=f"{rows:,} rows from {sources.kept:,} documents")
    try:
        check_sources(manifest)
    except DocumentsFailed as error:
        return ended_state(error)
    return Completed(name=WITH_FAILURES, message=f"{rows:,} rows; {failed_text(sources)}")


def ended_state(error: TunesmithError) -> State[Any]:
    """Return the state of a run or task that an error ended: its one line, and no traceback."""
    if isinstance(error, Interrupted):
        return Cancelled(message=str(error), data=error)
    if isinstance(error, TimedOut):
        return Failed(name="TimedOut", message=str(error), data=error)
    if isinstance(error, NotPublished):
        return Cancelled(name="Rejected", message=str(error), data=error)
    return Failed(message=str(error), data=error)


async def stopped_state(error: Interrupted) -> State[None]:
    """Return the state of a worker's run that was stopped: cancelled by a person, or ended from outside.

    A run whose machine goes away ends as Crashed, which is what automations that start it again look for.
    """
    async with get_client() as client:
        state = (await client.read_flow_run(flow_run.id)).state
    if state is not None and (state.is_cancelling() or state.is_cancelled()):
        return ended_state(error)
    return Crashed(message=str(error), data=error)
