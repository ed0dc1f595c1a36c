"""A person's answer before a dataset is published: a small flow that waits for it, however long that takes.

It waits in Prefect's interface and for `tunesmith approve` at the same time; the ticket in the run's folder
says where. The ticket is all that an embedded server of another process is found by.
"""

import asyncio
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.exceptions import FlowPauseTimeout
from prefect.flow_runs import apause_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL
from prefect.states import Cancelled, Completed
from pydantic import Field

from flows.stages.job import Job
from flows.ticket import Ticket, ticket_file
from schemas.errors import Interrupted, NotPublished

PATIENCE_S = 14 * 86_400
LOOK_EVERY_S = 2


class Answer(RunInput):
    """What the reviewer says."""

    approve: bool = Field(description="Publish the dataset?")
    comment: str = Field(default="", description="Why, for whoever reads the run.")


async def reviewed(job: Job) -> None:
    """Return when a person has approved the job's dataset.

    Raises:
        NotPublished: the person refused, or nobody answered within two weeks.
        Interrupted: the run was asked to stop meanwhile.
    """
    job.meter.stage = f"waiting for: tunesmith approve {job.run.folder}"
    loop = asyncio.get_running_loop()
    report = (job.run.folder.resolve() / "report.html").as_uri()
    waiting = asyncio.create_task(publish_flow(job.run.scratch.resolve(), report))

    def give_up() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(waiting.cancel)

    job.stop.tell(give_up)
    try:
        await waiting
    except asyncio.CancelledError as error:
        raise Interrupted from error


@flow(name="tunesmith-publish", flow_run_name="publish {folder.name}", persist_result=False)
async def publish_flow(folder: Path, report: str) -> State[None]:
    """Wait until a person has looked at the report, and approves or refuses the dataset."""
    file = ticket_file(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(Ticket(server=str(PREFECT_API_URL.value()), flow_run=flow_run.id).model_dump_json())
    question = f"Look at [the report]({report}). Shall the dataset be published?"
    try:
        answer = await apause_flow_run(
            wait_for_input=Answer.with_initial_data(description=question),
            timeout=PATIENCE_S,
            poll_interval=LOOK_EVERY_S,
        )
    except FlowPauseTimeout:
        error = NotPublished(str(folder), "nobody answered")
        return Cancelled(name="Unanswered", message=str(error), data=error)
    finally:
        file.unlink(missing_ok=True)
    if answer.approve:
        return Completed(name="Approved", message=answer.comment or None)
    error = NotPublished(str(folder), f"refused: {answer.comment}" if answer.comment else "refused")
    return Cancelled(name="Rejected", message=str(error), data=error)
