"""What more workers bring: one run over 1, 2 and 4 worker processes, each with a few of an endpoint's slots.

Run `python -m benchmarks.workers`, with `--documents 400` and `--slots 8` for other sizes. The endpoint has
room for all, so that each worker's slots are the limit, and not this machine's cores. Time is from the first
request that the endpoint gets to the last answer: starting workers is no part of it.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from flows.server import embedded_server
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint_process
from tests.flows.corpus import write_document
from tests.flows.prefect_server import Server
from tests.flows.test_partitions import worker


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=240)
    parser.add_argument("--slots", type=int, default=6, help="requests at once of each worker")
    parser.add_argument("--seconds", type=float, default=1.5, help="what one reply takes")
    parser.add_argument("--workers", type=int, action="append", help="repeatable; 1, 2 and 4 by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for number in range(options.documents):
            write_document(folder / "docs", f"s{number}")
        with embedded_server(folder / "prefect", services=True) as starting:
            server = Server(starting.ready(), folder / "prefect")
            server.environment["OPENAI_API_KEY"] = "none"
            print("workers  requests  seconds  per second  times one")
            alone = 0.0
            for workers in options.workers or [1, 2, 4]:
                requests, seconds = _measured(server, folder, workers, options)
                rate = requests / seconds
                alone = alone or rate
                print(
                    f"{workers:>7} {requests:>9,} {seconds:>8.1f} {rate:>11.2f} {rate / alone:>10.2f}",
                    flush=True,
                )


def _measured(server: Server, folder: Path, workers: int, options: argparse.Namespace) -> tuple[int, float]:
    """Return the requests that a run sent, and the seconds from the first to the last answer."""
    out = f"run-{workers}"
    part = -(-options.documents // workers)
    with ExitStack() as stack:
        endpoint = stack.enter_context(start_endpoint_process(Options(slots=512, fixed_s=options.seconds)))
        for _ in range(workers):
            stack.enter_context(worker(server))
        time.sleep(15)  # workers start
        command = [
            "build", "docs", "--out", out, "--quiet", "--no-judge", "--model", "openai/sim",
            "--recipe", "qa:1", "--base-url", endpoint.base_url,
            "--concurrency", str(options.slots * workers),
            "--set", "llm.adaptive=false", "--partitions", str(workers),
            "--set", f"partitions.documents={part - 8}", "--set", "context=chunk",
            "--set", "passages.max_tokens=100",
        ]  # fmt: skip
        with server.started(*command, cwd=folder) as process:
            text, _ = process.communicate(timeout=500)
            if process.returncode:
                sys.exit(text)
        stats = endpoint.stats
    return int(stats["answered"]), float(stats["span_s"])


if __name__ == "__main__":
    main()
