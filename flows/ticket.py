"""Where a run waits for a person's answer, and how the answer is given from the command line."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel, ValidationError

from flows.launch import prepare_prefect
from flows.standing import check_server, standing_server
from pipeline.store import open_run, place_of, scratch_of
from schemas.errors import RunFolderError, RunLocked, SettingsError


class Ticket(BaseModel):
    """A flow run that waits, and the server that knows it."""

    server: str
    flow_run: UUID


def ticket_file(folder: Path) -> Path:
    """Return the file in a run's folder that says where an answer is waited for."""
    return folder / "review.json"


def find_ticket(run: str) -> Ticket:
    """Return where `run` waits: a run's folder, or the id of a flow run on the server that is set.

    Raises:
        RunFolderError: the folder waits for nobody, or the run that waited was killed.
        SettingsError: it is neither a folder nor an id.
        ServerFailed: an id was given, and no server is set.
    """
    folder = scratch_of(place_of(run))
    if folder.is_dir():
        try:
            ticket = Ticket.model_validate_json(ticket_file(folder).read_bytes())
        except (OSError, ValidationError) as error:
            raise RunFolderError(run, "waits for no answer") from error
        _check_alive(run)
        return ticket
    try:
        return Ticket(server=standing_server(), flow_run=UUID(run))
    except ValueError as error:
        raise SettingsError("", f"{run} is neither a run's folder nor the id of a flow run") from error


def _check_alive(run: str) -> None:
    """Make sure that a run is at work: what was killed while it waited hears no answer.

    Raises:
        RunFolderError: it is not.
    """
    with suppress(RunLocked), open_run(run):
        raise RunFolderError(run, "waits no longer, it was ended; build it again with --review, then answer")


def give_answer(ticket: Ticket, *, approve: bool, comment: str = "") -> None:
    """Let the flow run go on with an answer.

    Raises:
        ServerFailed: the server is not there any more.
        SettingsError: the run waits no longer.
    """
    check_server(ticket.server)
    prepare_prefect(show_logs=False)
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: ticket.server}), get_client(sync_client=True) as client:
        state = client.read_flow_run(ticket.flow_run).state
        if state is None or not state.is_paused():
            raise SettingsError("", f"flow run {ticket.flow_run} waits for no answer")
        client.resume_flow_run(ticket.flow_run, run_input={"approve": approve, "comment": comment})
