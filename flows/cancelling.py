"""A cancellation in Prefect's interface or API as the wish to stop, wherever the flow runs.

A worker also sends SIGTERM; a run started on the command line learns of it only here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.stages.job import Stop

# A look costs the server some 10 ms of processor time.
LOOK_EVERY_S = 3.0


@asynccontextmanager
async def stopped_by_server(stop: Stop) -> AsyncIterator[None]:
    """Let `stop` know within seconds that this flow run was cancelled."""
    watching = asyncio.create_task(_watch(stop))
    try:
        yield
    finally:
        watching.cancel()


async def _watch(stop: Stop) -> None:
    async with get_client() as client:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                state = (await client.read_flow_run(flow_run.id)).state
            except HTTPError:  # the run goes on without its server; the next look may reach it again
                continue
            if state is not None and (state.is_cancelling() or state.is_cancelled()):
                stop.wish()
                return
