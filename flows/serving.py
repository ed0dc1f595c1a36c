"""`tunesmith serve`: one process that waits for scheduled runs and starts each in a child process."""

import asyncio

from flows.deploying import Order, deployment_of, prepared

HEALTH_PORT = 8080


def serve(order: Order, *, health_port: int = HEALTH_PORT) -> None:
    """Wait for runs until the process is told to end. `/health` on the port answers 200 as long as it works.

    Schedules are paused when it ends, so that no run is waited for in vain.

    Raises:
        SettingsError: the timetable or the settings cannot be used.
        ServerFailed: there is no server that can be used.
    """
    server = prepared(order)
    from prefect.settings import PREFECT_API_URL, PREFECT_RUNNER_SERVER_PORT, temporary_settings

    with temporary_settings({PREFECT_API_URL: server, PREFECT_RUNNER_SERVER_PORT: health_port}):
        asyncio.run(_serve(order))


async def _serve(order: Order) -> None:
    from prefect.runner import Runner

    runner = Runner(name=order.name, limit=1, webserver=True)
    await runner.aadd_deployment(await deployment_of(order))
    await runner.start()
