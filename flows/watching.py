"""`tunesmith watch`: the same build again whenever its local files change.

Modification times and sizes are looked at every few seconds, which works on network folders, where systems
tell nobody of changes. 100,000 files take about a second of processor time per look.
"""

import glob
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from flows.api import Result, run_settings
from flows.signals import stopped_by_signals
from flows.stages.job import Stop
from flows.telemetry import SILENT, Telemetry
from parsers.sources.files import find_files
from schemas.errors import Interrupted, SettingsError, SourceNotFound, TunesmithError
from schemas.settings import Settings

LOOK_EVERY_S = 2.0
# A file that is still being copied changes from look to look.
REST_S = 2.0
# A folder that never rests, with a log that grows for instance, is built from all the same.
PATIENCE_S = 60.0

Snapshot: TypeAlias = frozenset[tuple[str, int, int]]


def watch(
    settings: Settings,
    told: Callable[[Result | TunesmithError], None],
    *,
    stop: Stop | None = None,
    direct: bool = False,
    quiet: bool = True,
    telemetry: Telemetry = SILENT,
    look_every_s: float = LOOK_EVERY_S,
    rest_s: float = REST_S,
    patience_s: float = PATIENCE_S,
) -> None:
    """Build now, and again after each change, until `stop` or a signal. `told` hears how each build ended.

    A build that fails does not end the watch: the next change may mend it.

    Raises:
        SettingsError: a source is not a local file or folder.
        Interrupted: it was asked to stop.
    """
    _check_local(settings.sources)
    stop = stop or Stop()
    built: Snapshot | None = None
    with stopped_by_signals(stop):
        while True:
            if (now := _rested(settings.sources, stop, rest_s, patience_s)) != built:
                built = now
                try:
                    told(run_settings(settings, direct=direct, quiet=quiet, telemetry=telemetry))
                except Interrupted:
                    raise
                except TunesmithError as error:
                    told(error)
            stop.wait(look_every_s)


def _check_local(sources: Sequence[str]) -> None:
    for source in sources:
        if not (glob.has_magic(source) or Path(source).expanduser().exists()):
            raise SettingsError("sources", f"{source} is no local file or folder that could be watched")


def _rested(sources: Sequence[str], stop: Stop, rest_s: float, patience_s: float) -> Snapshot:
    """Return what is there, once it has not changed for a while, or has been changing for too long.

    Raises:
        Interrupted: it was asked to stop.
    """
    began, now = time.monotonic(), _snapshot(sources)
    while True:
        stop.wait(rest_s)
        before, now = now, _snapshot(sources)
        if now == before or time.monotonic() - began >= patience_s:
            return now


def _snapshot(sources: Sequence[str]) -> Snapshot:
    return frozenset(file for source in sources for file in _files(source))


def _files(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield the files that a build would read: no hidden ones, nothing of a run that stands among them."""
    try:
        for found in find_files(source):
            if found.stat is not None:
                try:
                    stat = found.stat()
                except OSError:  # it went away between listing and looking
                    continue
                yield found.uri, stat.st_mtime_ns, stat.st_size
    except SourceNotFound:  # it is away; the build says so, and its return is a change
        return
