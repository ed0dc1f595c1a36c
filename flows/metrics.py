"""A run's counts for Prometheus, over HTTP, in the text format 0.0.4."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from flows.stages.job import Job
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.llms.stats import GatewayStats

HOST = "127.0.0.1"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@contextmanager
def metrics_server(job: Job, port: int, host: str = HOST) -> Iterator[int]:
    """Serve the job's counts at /metrics, and give the port: `port`, or a free one where it is 0.

    Raises:
        SettingsError: the port is taken, or the host is none of this machine's.
    """
    from http import HTTPStatus
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        """Answers a scrape."""

        def do_GET(self) -> None:  # the library's name
            """Send the counts."""
            if self.path.split("?")[0] != "/metrics":
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = metrics_text(job).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing: standard error belongs to the run."""

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise SettingsError("", f"--metrics-port: {host}:{port} cannot be used ({error.strerror})") from error
    with server:
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def metrics_text(job: Job) -> str:
    """Return the job's counts as Prometheus reads them."""
    return "\n".join([*_of_meter(job), *_of_gateways(job), ""])


def _of_meter(job: Job) -> Iterator[str]:
    meter = job.meter
    yield from _metric("documents", "counter", "documents read", meter.documents)
    yield from _metric("documents_unreadable", "counter", "sources without a document", meter.unreadable)
    yield from _metric("batches", "counter", "batches of documents begun", meter.batches)
    yield from _metric("batches_done", "counter", "batches of documents done", meter.batches_done)
    yield from _metric("samples", "counter", "candidate samples made", meter.samples)
    yield from _metric("samples_kept", "counter", "samples that every filter kept", meter.kept)
    yield from _family(
        "samples_dropped", "counter", "samples that a filter dropped", "reason", dict(meter.reasons)
    )


def _of_gateways(job: Job) -> Iterator[str]:
    every = [gateway.stats() for gateway in tuple(job.gateways)]
    for name, help_, field in (
        ("requests_sent", "attempts sent to the endpoint", "sent"),
        ("requests_done", "requests that ended", "done"),
        ("requests_failed", "requests that ended without an answer", "failed"),
        ("requests_from_journal", "requests answered from the journal", "cached"),
    ):
        yield from _metric(name, "counter", help_, sum(getattr(stats, field) for stats in every))
    yield from _metric("requests_queued", "gauge", "requests waiting", sum(s.queued for s in every))
    yield from _metric("slots_busy", "gauge", "requests in flight", sum(s.in_flight for s in every))
    yield from _metric("slots_limit", "gauge", "requests that may be in flight", sum(s.limit for s in every))
    paused = sum(bool(stats.paused) for stats in every)
    yield from _metric("endpoints_paused", "gauge", "models to which nothing is sent now", paused)
    yield from _of_usage(every)


def _of_usage(every: "list[GatewayStats]") -> Iterator[str]:
    tokens = {
        "prompt": sum(stats.usage.prompt_tokens for stats in every),
        "cached": sum(stats.usage.cached_tokens for stats in every),
        "completion": sum(stats.usage.completion_tokens for stats in every),
    }
    yield from _family("tokens", "counter", "tokens paid", "kind", tokens)
    yield from _metric("cost_usd", "counter", "US dollars spent", sum(s.usage.cost_usd for s in every))


Kind = Literal["counter", "gauge"]


def _metric(name: str, kind: Kind, help_: str, value: float) -> Iterator[str]:
    full = _full(name, kind)
    yield from (f"# HELP {full} {help_}", f"# TYPE {full} {kind}", f"{full} {value}")


def _family(name: str, kind: Kind, help_: str, label: str, values: Mapping[str, float]) -> Iterator[str]:
    full = _full(name, kind)
    yield from (f"# HELP {full} {help_}", f"# TYPE {full} {kind}")
    for key, value in values.items():
        yield f'{full}{{{label}="{key}"}} {value}'


def _full(name: str, kind: Kind) -> str:
    return f"tunesmith_{name}_total" if kind == "counter" else f"tunesmith_{name}"
