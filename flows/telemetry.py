"""How a run is watched from outside: JSON events on standard error, and counts for Prometheus.

The command line says so with options, and whoever starts runs elsewhere (`serve`, workers) with environment
variables, which the process of each run finds.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from flows.logs import json_lines
from flows.metrics import HOST, metrics_server
from flows.stages.job import Job
from schemas.errors import SettingsError

LOG_FORMAT = "TUNESMITH_LOG_FORMAT"
METRICS_PORT = "TUNESMITH_METRICS_PORT"
METRICS_HOST = "TUNESMITH_METRICS_HOST"


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What a run tells. No port is no metrics; port 0 is any that is free."""

    json_log: bool = False
    metrics_port: int | None = None
    metrics_host: str = HOST

    @contextmanager
    def events(self) -> Iterator[None]:
        """Write events until the block ends, where that is wanted."""
        with json_lines() if self.json_log else nullcontext():
            yield

    @contextmanager
    def metrics(self, job: Job) -> Iterator[None]:
        """Serve the job's counts until the block ends, where that is wanted.

        Raises:
            SettingsError: the port is taken.
        """
        if self.metrics_port is None:
            yield
            return
        with metrics_server(job, self.metrics_port, self.metrics_host):
            yield

    def as_environment(self) -> dict[str, str]:
        """Return the variables that say the same to the process of a run."""
        said = {LOG_FORMAT: "json"} if self.json_log else {}
        if self.metrics_port is not None:
            said |= {METRICS_PORT: str(self.metrics_port), METRICS_HOST: self.metrics_host}
        return said


SILENT = Telemetry()


def telemetry_of(environment: Mapping[str, str] = os.environ) -> Telemetry:
    """Return what the environment asks for.

    Raises:
        SettingsError: a value that is neither a format nor a port.
    """
    form, port = environment.get(LOG_FORMAT, "text"), environment.get(METRICS_PORT, "")
    if form not in ("text", "json"):
        raise SettingsError("", f"{LOG_FORMAT} wants text or json (got {form!r})")
    if port and not (port.isdecimal() and int(port) < 65536):
        raise SettingsError("", f"{METRICS_PORT} wants a port (got {port!r})")
    return Telemetry(form == "json", int(port) if port else None, environment.get(METRICS_HOST) or HOST)
