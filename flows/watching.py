"""`tunesmith watch`: the same build again whenever its local files change.

Modification times and sizes are looked at every few seconds, which works on network folders, where systems
tell nobody of changes. 100,000 files take about a second of processor time per look.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from flows.api import Result, run_settings
from schemas.errors import Interrupted, SettingsError, TunesmithError
from schemas.settings import Settings

LOOK_EVERY_S = 2.0
# A file that is still being copied changes from look to look.
REST_S = 2.0

Snapshot: TypeAlias = frozenset[tuple[str, int, int]]


def watch(
    settings: Settings,
    told: Callable[[Result | TunesmithError], None],
    *,
    direct: bool = False,
    quiet: bool = True,
    rest_s: float = REST_S,
) -> None:
    """Build now, and again after each change, until interrupted. `told` hears how each build ended.

    A build that fails does not end the watch: the next change may mend it.

    Raises:
        SettingsError: a source is not a local file or folder.
        Interrupted: a build was asked to stop.
    """
    roots = _local(settings.sources)
    built: Snapshot | None = None
    while True:
        if (now := _rested(roots, rest_s)) != built:
            built = now
            try:
                told(run_settings(settings, direct=direct, quiet=quiet))
            except Interrupted:
                raise
            except TunesmithError as error:
                told(error)
        time.sleep(LOOK_EVERY_S)


def _local(sources: tuple[str, ...]) -> list[Path]:
    for source in sources:
        if not Path(source).exists():
            raise SettingsError("sources", f"{source} is no local file or folder that could be watched")
    return [Path(source) for source in sources]


def _rested(roots: list[Path], rest_s: float) -> Snapshot:
    """Return what is there, once it has not changed for a while."""
    now = _snapshot(roots)
    while True:
        time.sleep(rest_s)
        before, now = now, _snapshot(roots)
        if now == before:
            return now


def _snapshot(roots: list[Path]) -> Snapshot:
    return frozenset(_files(roots))


def _files(roots: list[Path]) -> Iterator[tuple[str, int, int]]:
    for root in roots:
        for path in root.rglob("*") if root.is_dir() else [root]:
            try:
                found = path.stat()
            except OSError:  # it went away between listing and looking
                continue
            if not path.is_dir():
                yield str(path), found.st_mtime_ns, found.st_size
