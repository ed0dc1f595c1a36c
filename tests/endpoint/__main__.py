"""Run the simulated endpoint by hand: `python -m tests.endpoint --help`."""

import argparse
import asyncio
import json
from dataclasses import fields
from typing import Any

from aiohttp import web

from tests.endpoint.options import Faults, Options
from tests.endpoint.server import Endpoint


def main() -> None:
    """Serve until interrupted. The first line printed is the base URL."""
    parser = argparse.ArgumentParser(prog="python -m tests.endpoint", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--options", default="{}", help="all options as JSON")
    for option in fields(Options):
        if option.name not in ("faults", "refuses", "prose_only", "without_batches", "rewards_below_v1"):
            parser.add_argument(f"--{option.name.replace('_', '-')}", help=f"default {option.default}")
    for fault in fields(Faults):
        parser.add_argument(f"--{fault.name.replace('_', '-')}", type=float, help="share of requests, 0 to 1")
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    asyncio.run(serve(options_from(given), given["port"]))


def options_from(given: dict[str, Any]) -> Options:
    """Return options from the command line, `--options` first, single ones over it."""
    values: dict[str, Any] = json.loads(given["options"])
    names = {fault.name for fault in fields(Faults)}
    faults = {**values.pop("faults", {}), **{name: given[name] for name in names & given.keys()}}
    for option in fields(Options):
        text = given.get(option.name)
        if text is not None:
            values[option.name] = text if option.name in ("model", "key", "manner") else json.loads(text)
    values["refuses"] = tuple(values.get("refuses", ()))
    return Options(**values, faults=Faults(**faults))


async def serve(options: Options, port: int) -> None:
    """Serve until cancelled."""
    runner = web.AppRunner(Endpoint(options).app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
