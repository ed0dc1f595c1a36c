"""How busy a whole build keeps an endpoint, from its first request to its last, and where slots stand empty.

Run `python -m benchmarks.build` for 16 and 32 slots, `--slots 64`, `--documents 400` and `--seconds 3` for
other sizes, `--prefect` for a build as a flow, `-- --target 300` for more of the command line, and
`--timeline` to see the slots over time: a letter each, the first of the name of the answer's schema. The
endpoint runs in a process of its own and answers in about `--seconds`, give or take a half.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.endpoint.options import Options
from tests.endpoint.start import Started, start_endpoint_process
from tests.flows.corpus import write_documents

_BUILD = "from flows.cli import main; main()"
_LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Look:
    """What the endpoint was doing at one moment, in seconds since the build began."""

    at: float
    slot_seconds: float
    at_work: Counter[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one build took. Times are in seconds; `first` is when the first request came in."""

    slots: int
    requests: int
    wall: float
    first: float
    span: float
    slot_seconds: float
    looks: tuple[Look, ...]

    def busy_in(self, seconds: float) -> float:
        """Return which share of so many seconds of all slots was used."""
        return self.slot_seconds / (seconds * self.slots)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, action="append", help="repeatable; 16 and 32 by default")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=1.0, help="what one reply takes")
    parser.add_argument("--recipe", action="append", help="repeatable; qa:3 by default")
    parser.add_argument("--prefect", action="store_true")
    parser.add_argument("--timeline", action="store_true")
    parser.add_argument("more", nargs="*", help="further arguments of `tunesmith build`, after --")
    given = parser.parse_args()
    print("slots  requests  wall s  first at  first to last  busy  busy, whole")
    for slots in given.slots or [16, 32]:
        each = measured(slots, given)
        print(
            f"{slots:>5} {each.requests:>9,} {each.wall:>7.1f} {each.first:>9.1f} {each.span:>14.1f} "
            f"{each.busy_in(each.span):>5.3f} {each.busy_in(each.wall):>12.3f}",
            flush=True,
        )
        if given.timeline:
            print("\n".join(timeline(each)), flush=True)


def measured(slots: int, given: argparse.Namespace) -> Measured:
    """Return what a build with so many slots took."""
    options = Options(slots=slots, fixed_s=given.seconds, spread=0.5)
    with tempfile.TemporaryDirectory() as folder, start_endpoint_process(options) as endpoint:
        write_documents(Path(folder) / "docs", given.documents)
        began = time.monotonic()
        with _started(folder, endpoint, slots, given) as build:
            looks = tuple(_watched(build, endpoint, began))
        wall = time.monotonic() - began
        stats = endpoint.stats
    first = next(look.at for look in looks if look.slot_seconds)
    return Measured(slots, stats["answered"], wall, first, stats["span_s"], stats["slot_seconds"], looks)


def timeline(measured: Measured) -> list[str]:
    """Return a line for each look from the first request on: a letter for each slot at work, by schema."""
    lines: list[str] = []
    for look in measured.looks:
        if look.at < measured.first or look.at > measured.first + measured.span + 1:
            continue
        letters = "".join(name[:1] * count for name, count in sorted(look.at_work.items()))
        lines.append(f"{look.at - measured.first:7.2f} {letters}")
    return lines


def _started(
    folder: str, endpoint: Started, slots: int, given: argparse.Namespace
) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-P", "-c", _BUILD, "build", "docs", "--out", "run", "--quiet",
        "--model", "openai/sim", "--base-url", endpoint.base_url, "--concurrency", str(slots),
        *(part for recipe in given.recipe or ["qa:3"] for part in ("--recipe", recipe)),
        *([] if given.prefect else ["--direct"]), *given.more,
    ]  # fmt: skip
    root = str(Path(__file__).parents[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment |= {"OPENAI_API_KEY": "none", "PYTHONPATH": root}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def _watched(build: subprocess.Popen[bytes], endpoint: Started, began: float) -> Iterator[Look]:
    """Yield what the endpoint does, until the build has ended."""
    while build.poll() is None:
        stats = endpoint.stats
        yield Look(time.monotonic() - began, stats["slot_seconds"], Counter(stats["at_work"]))
        time.sleep(_LOOK_EVERY_S)
    if build.returncode:
        sys.exit(f"the build ended with {build.returncode}")


if __name__ == "__main__":
    main()
