"""What a person sees while a run goes on: a live line on a terminal, plain lines elsewhere."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.stages.job import Meter
from schemas.requests import Usage

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from pipeline.llms.stats import GatewayStats

PLAIN_LINE_EVERY_S = 15.0
REFRESH_PER_S = 4

Watch = Callable[[], tuple[Meter, "GatewayStats | None", Usage]]
Say = Callable[[str], None]


@contextmanager
def progress(watch: Watch, *, quiet: bool = False) -> Iterator[Say]:
    """Show what `watch` returns, on standard error, until the block ends; give what says a line beside it."""
    from rich.console import Console

    console = Console(stderr=True)

    def say(line: str) -> None:
        if not quiet:
            console.print(line, highlight=False, markup=False, soft_wrap=True)

    if quiet:
        yield say
    elif console.is_terminal:
        with _live(console, watch):
            yield say
    else:
        with _lines(console, watch):
            yield say


@contextmanager
def _live(console: "Console", watch: Watch) -> Iterator[None]:
    from rich.live import Live

    began = time.monotonic()

    def render() -> "RenderableType":
        return _panel(*watch(), time.monotonic() - began)

    with Live(console=console, get_renderable=render, refresh_per_second=REFRESH_PER_S, transient=True):
        yield


@contextmanager
def _lines(console: "Console", watch: Watch) -> Iterator[None]:
    done = threading.Event()
    began = time.monotonic()

    def speak() -> None:
        last = ""
        while not done.wait(PLAIN_LINE_EVERY_S):
            line = ", ".join(
                f"{name} {value}" for name, value in figures_of(*watch(), time.monotonic() - began)
            )
            if line != last:
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            last = line

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        done.set()
        speaker.join()


def _panel(meter: Meter, stats: "GatewayStats | None", expected: Usage, elapsed_s: float) -> "RenderableType":
    from rich.spinner import Spinner
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    figures = figures_of(meter, stats, expected, elapsed_s)
    text = Text.assemble(
        *[part for name, value in figures for part in ((f"{name} ", "dim"), (f"{value}   ", "bold"))]
    )
    grid.add_row(Spinner("dots"), text)
    return grid


def figures_of(
    meter: Meter, stats: "GatewayStats | None", expected: Usage, elapsed_s: float
) -> Iterator[tuple[str, str]]:
    """Yield what is worth telling of a run in progress, by name. `expected` is what all of it will take."""
    yield "stage", meter.stage
    yield (
        "documents",
        f"{meter.documents}" + (f" ({meter.unreadable} unreadable)" if meter.unreadable else ""),
    )
    if stats is not None and stats.done:
        of = f" of about {expected.requests}" if expected.requests else ""
        yield "requests", f"{stats.done}{of} ({stats.requests_per_s:.1f}/s, {stats.in_flight} in flight)"
        if stats.usage.prompt_tokens:
            yield "tokens", f"{stats.usage.prompt_tokens + stats.usage.completion_tokens:,}"
        if stats.usage.cost_usd:
            of = f" of about ${expected.cost_usd:.2f}" if expected.cost_usd else ""
            yield "cost", f"${stats.usage.cost_usd:.2f}{of}"
    if meter.samples:
        yield "samples", f"{meter.samples}"
    if judged := meter.kept + meter.dropped:
        yield "kept", f"{meter.kept / judged:.0%}"
    if remaining_s := _remaining_s(meter, elapsed_s):
        yield "left", _clock(remaining_s)
    yield "elapsed", _clock(elapsed_s)


def _remaining_s(meter: Meter, elapsed_s: float) -> float:
    """Return the time left by the share of batches done, 0 while it is too early to say."""
    if not meter.batches_done or meter.batches_done >= meter.batches:
        return 0.0
    return elapsed_s * (meter.batches - meter.batches_done) / meter.batches_done


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
