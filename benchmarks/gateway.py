"""The gateway beside the bare `openai` client on the same job, both against the simulated endpoint.

Run `python -m benchmarks.gateway` for the table, `--connections 256 --requests 5000` for another size, or
`--requests 300000 --connections 256 --seconds 0 --clients tunesmith` for memory over many requests. The
endpoint runs in a process of its own; each client in another, so that processor time and memory are its own.
Busy is the share of slot-seconds used: of the whole process's life, and of the time between the first and the
last request. Both find their modules compiled, as installed ones are.
"""

import argparse
import asyncio
import compileall
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.answers import QuestionAnswers
from schemas.requests import Completion, Message, Reply, Request, Sampling, schema_json
from schemas.settings import load_settings
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint_process

_ROOT = Path(__file__).parents[1]
_SENTENCE = "The pump of hall {} delivers {} litres a minute at a pressure of {} bar and rests on Sundays. "


@dataclass(frozen=True, slots=True)
class Work:
    """What to do: as which client, where, how much at once."""

    client: str
    base_url: str
    requests: int
    connections: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What one client took. Times are in seconds."""

    client: str
    wall: float
    cpu_ms: float
    peak_mb: float
    whole: float
    between: float
    answered: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1152)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="what one request takes, give or take a third"
    )
    parser.add_argument("--clients", nargs="+", default=["bare", "tunesmith"])
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        asyncio.run(_client(Work(**json.loads(given.work))))
        return
    for room in ("schemas", "pipeline"):
        compileall.compile_dir(_ROOT / room, quiet=1)
    columns = ("busy, whole", "between", "CPU ms/request", "peak MB", "answered")
    print(f"{'client':<10} " + " ".join(f"{column:>14}" for column in columns))
    for client in given.clients:
        row = measure(client, given.requests, given.connections, given.seconds)
        print(
            f"{row.client:<10} {row.whole:>14.3f} {row.between:>14.3f} {row.cpu_ms:>14.2f} "
            f"{row.peak_mb:>14.0f} {row.answered:>14}",
            flush=True,
        )


def measure(client: str, requests: int, connections: int, seconds: float) -> Measured:
    """Return what `client` takes for so many requests of so many seconds."""
    options = Options(slots=connections, fixed_s=seconds, spread=0.3)
    with start_endpoint_process(options) as endpoint:
        work = json.dumps(
            {
                "client": client,
                "base_url": endpoint.base_url,
                "requests": requests,
                "connections": connections,
            }
        )
        command = [sys.executable, "-m", "benchmarks.gateway", "--work", work]
        started = time.monotonic()
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        wall = time.monotonic() - started
        stats = endpoint.stats
    took = json.loads(answer)
    busy = stats["slot_seconds"]
    return Measured(
        client=client,
        wall=wall,
        cpu_ms=took["cpu_s"] / requests * 1000,
        peak_mb=took["peak_mb"],
        whole=busy / (wall * connections),
        between=busy / (stats["span_s"] * connections),
        answered=took["answered"],
    )


async def _client(work: Work) -> None:
    before = _cpu_s()
    answered = await (_bare(work) if work.client == "bare" else _tunesmith(work))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": _cpu_s() - before, "peak_mb": peak_mb, "answered": answered}))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _requests(count: int) -> Iterator[Request]:
    """Yield questions per chunk: about 1,000 tokens of source each."""
    sampling = Sampling("simulated", temperature=0.7, max_output_tokens=4096)
    for number in range(count):
        source = "".join(_SENTENCE.format(number, line * 7, line) for line in range(45))
        messages = (
            Message("system", "You write training data."),
            Message("user", f"<material-1>\n{source}</material-1>\nWrite 3 question and answer pairs."),
        )
        yield Request("qa", messages, sampling, QuestionAnswers)


async def _tunesmith(work: Work) -> int:
    from pipeline.llms.gateway import open_gateway

    answered = 0

    def handle(_: Request, completion: Completion) -> Iterable[Request]:
        nonlocal answered
        answered += isinstance(completion, Reply)
        return ()

    settings = load_settings(
        {
            "model": "openai/simulated",
            "base_url": work.base_url,
            "llm": {"concurrency": work.connections, "structured": "json_schema"},
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        async with open_gateway(settings, Path(folder)) as gateway:
            await gateway.run(_requests(work.requests), handle)
    return answered


async def _bare(work: Work) -> int:
    """Ask with the `openai` client as its documentation shows it, so many tasks at once."""
    import openai

    client = openai.AsyncOpenAI(base_url=work.base_url, api_key="none")
    schema = json.loads(schema_json(QuestionAnswers))
    slots = asyncio.Semaphore(work.connections)

    async def ask(request: Request) -> bool:
        async with slots:
            completion = await client.chat.completions.create(  # type: ignore[call-overload]  # plain dictionaries
                model="simulated",
                temperature=0.7,
                max_completion_tokens=4096,
                messages=[{"role": m.role, "content": m.content} for m in request.messages],
                response_format={"type": "json_schema", "json_schema": {"name": "qa", "schema": schema}},
            )
        QuestionAnswers.model_validate_json(completion.choices[0].message.content or "")
        return True

    return sum(await asyncio.gather(*map(ask, _requests(work.requests))))


if __name__ == "__main__":
    main()
