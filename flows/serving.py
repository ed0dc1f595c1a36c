"""`tunesmith serve`: one process that waits for scheduled runs and starts each in a child process."""

import asyncio
import os
import signal
from contextlib import suppress

from flows.deploying import Order, deployment_of, prepared
from flows.telemetry import SILENT, Telemetry

HEALTH_PORT = 8080


def serve(order: Order, *, health_port: int = HEALTH_PORT, telemetry: Telemetry = SILENT) -> None:
    """Wait for runs until the process is told to end. `/health` on the port answers 200 as long as it works.

    Schedules are paused when it ends, so that no run is waited for in vain.

    Raises:
        SettingsError: the timetable or the settings cannot be used.
        ServerFailed: there is no server that can be used.
    """
    os.environ["PREFECT_RUNNER_SERVER_PORT"] = str(health_port)  # read by a thread, when Prefect is imported
    os.environ.update(telemetry.as_environment())  # each run is a child process
    server = prepared(order)
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: server}):
        asyncio.run(_serve(order))


async def _serve(order: Order) -> None:
    from prefect.runner import Runner

    runner = Runner(name=order.name, limit=1, webserver=True)
    await runner.aadd_deployment(await deployment_of(order))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(runner.start())

        def end() -> None:
            if runner.started:  # a run in progress ends too, and its folder goes on later
                group.create_task(runner.astop())
            else:
                running.cancel()

        await asyncio.sleep(0)  # by now Prefect has set a handler of its own, which leaves such a run alone
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
