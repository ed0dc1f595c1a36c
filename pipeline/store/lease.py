"""The lock of a run on an object store: a lease that its owner renews, and that ends when nobody does.

Each holder has an object of its own, `.tunesmith.lease-<number>`, made only if there is none. The highest
number holds the lease. Ages are differences between times that the store gave: no machine's clock counts.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from pipeline.places import ObjectPlace
from schemas.errors import RunFolderError, RunLocked

LEASE = ".tunesmith.lease-"
EXPIRY_S = 60.0
RENEWALS = 6  # in the time after which a lease ends
_LOOK_S = 1.0
_RELEASED = b"released"
_log = logging.getLogger("tunesmith")


class Lease:
    """A held lease. A thread renews it until `release`."""

    def __init__(self, folder: ObjectPlace, number: int, owner: bytes, renew_s: float) -> None:
        self._folder, self._number, self._owner, self._renew_s = folder, number, owner, renew_s
        self._over = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Go on, or end here.

        Raises:
            RunFolderError: another run holds the lease by now.
        """
        if self._lost:
            problem = "another run took it over, because this one was silent; run the same command again"
            raise RunFolderError(str(self._folder), problem)

    def release(self) -> None:
        """Let the next one in at once."""
        self._over.set()
        self._thread.join()
        if not self._lost:
            with suppress(OSError):  # else it expires
                _object(self._folder, self._number).write_bytes(_RELEASED)

    def _renew(self) -> None:
        while not self._over.wait(self._renew_s):
            try:
                if max(_numbers(self._folder), default=0) > self._number:
                    self._lost = True
                    return
                _object(self._folder, self._number).write_bytes(self._owner)
            except OSError:  # the store is away; the next try comes before the lease ends
                continue


@contextmanager
def leased(folder: ObjectPlace, expiry_s: float = EXPIRY_S) -> Iterator[Lease]:
    """Hold the lease of the run at `folder` until the block ends.

    Where its holder is silent, this waits until the lease ends, or its holder is heard of.

    Raises:
        RunLocked: another run holds it, and lives.
        OSError: the store cannot be used.
    """
    owner = f"{socket.gethostname()} {os.getpid()} {uuid4().hex}".encode()
    lease = Lease(folder, _take(folder, owner, expiry_s), owner, expiry_s / RENEWALS)
    try:
        yield lease
    finally:
        lease.release()


def _take(folder: ObjectPlace, owner: bytes, expiry_s: float) -> int:
    highest = max(_numbers(folder), default=0)
    if highest and _held(folder, highest, expiry_s):
        raise RunLocked(str(folder))
    number = highest + 1
    if not _object(folder, number).create(owner):
        raise RunLocked(str(folder))
    numbers = _numbers(folder)
    if max(numbers, default=number) > number:  # others came and went between looking and taking
        _object(folder, number).unlink(missing_ok=True)
        raise RunLocked(str(folder))
    for earlier in numbers:
        if earlier < number:
            _object(folder, earlier).unlink(missing_ok=True)
    return number


def _held(folder: ObjectPlace, number: int, expiry_s: float) -> bool:
    """Whether the lease is held by one that lives, and so renews it. Else this returns when it has ended."""
    place = _object(folder, number)
    try:
        if place.read_bytes() == _RELEASED:
            return False
        renewed = place.stat().st_mtime_ns
        ends = time.monotonic() + expiry_s - (_now_ns(folder) - renewed) / 1e9
        tell = time.monotonic() + expiry_s / RENEWALS + _LOOK_S
        while time.monotonic() < ends:
            time.sleep(_LOOK_S)
            if place.stat().st_mtime_ns != renewed:
                return place.read_bytes() != _RELEASED
            if time.monotonic() > tell:
                tell = ends
                left_s = max(0.0, ends - time.monotonic())
                _log.warning("%s is held by a run that is silent; waiting %.0f s for its end", folder, left_s)
    except FileNotFoundError:
        return True  # somebody takes it over at this moment
    return False


def _now_ns(folder: ObjectPlace) -> int:
    """Return the store's time, which is that of an object written now."""
    now = folder / f".tunesmith.now-{uuid4().hex}"
    now.write_bytes(b"")
    try:
        return now.stat().st_mtime_ns
    finally:
        now.unlink(missing_ok=True)


def _numbers(folder: ObjectPlace) -> list[int]:
    names = (each.name.removeprefix(LEASE) for each in folder.iterdir() if each.name.startswith(LEASE))
    return [int(name) for name in names if name.isdigit()]


def _object(folder: ObjectPlace, number: int) -> ObjectPlace:
    return folder / f"{LEASE}{number:08d}"
