"""What the stages of one run share."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from pipeline.store import Run
from schemas.errors import Interrupted
from schemas.requests import Usage
from schemas.settings import Settings

if TYPE_CHECKING:
    from flows.stages.eyes import Eyes
    from flows.stages.outlook import Expectation
    from pipeline.llms.gateway import Gateway
    from pipeline.llms.stats import GatewayStats


@dataclass(slots=True)
class Meter:
    """Counts for the live display. Stages add to it; nothing is decided by it.

    `ran_dry` says, by recipe, why no more was asked before its number was reached; under None for the rest.
    `expected` is what the run was estimated to take, None until that is known.
    """

    stage: str = "starting"
    documents: int = 0
    unreadable: int = 0
    batches: int = 0
    batches_done: int = 0
    samples: int = 0
    kept: int = 0
    dropped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    ran_dry: dict[str | None, str] = field(default_factory=dict)
    expected: "Expectation | None" = None


class Stop:
    """The wish to stop, from any thread. It is told once to everybody who asked to be told."""

    def __init__(self) -> None:
        self._wished = threading.Event()
        self._listeners: list[Callable[[], None]] = []

    def wish(self) -> None:
        """Ask the run to stop as soon as what is done is safe."""
        self._wished.set()
        for listener in self._listeners:
            listener()

    def tell(self, listener: Callable[[], None]) -> None:
        """Have `listener` called when the run shall stop."""
        self._listeners.append(listener)

    def wait(self, seconds: float) -> None:
        """Go on after so long, or end the run as soon as that is asked for.

        Raises:
            Interrupted: it was asked to stop.
        """
        self._wished.wait(seconds)
        self.check()

    def check(self) -> None:
        """Go on, or end the run here.

        Raises:
            Interrupted: it was asked to stop.
        """
        if self._wished.is_set():
            raise Interrupted


@dataclass(frozen=True, slots=True)
class Job:
    """A run in progress: its settings, its folder, its counts, and the wish to stop."""

    settings: Settings
    run: Run
    meter: Meter = field(default_factory=Meter)
    stop: Stop = field(default_factory=Stop)
    gateways: list["Gateway"] = field(default_factory=list)
    hear: list[Callable[[str], None]] = field(default_factory=list)
    eyes: "Eyes | None" = None

    def tell(self, line: str) -> None:
        """Say something to whoever watches."""
        for each in self.hear:
            each(line)

    def stats(self) -> "GatewayStats | None":
        """Return what the generating model's gateway tells of itself, None while there is none."""
        return self.gateways[0].stats() if self.gateways else None

    def spent(self) -> dict[str, Usage]:
        """Return what all gateways paid in this session, by recipe and filter."""
        found: dict[str, Usage] = {}
        for gateway in [*self.gateways]:
            for name, usage in dict(gateway.usage).items():
                found[name] = found.get(name, Usage()) + usage
        return found


def fingerprint(deciding: Mapping[str, object]) -> str:
    """Return a short hash of what decides a result: plain values that JSON can hold."""
    return hashlib.sha256(orjson.dumps(deciding, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
