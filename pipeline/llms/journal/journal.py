"""The journal as the gateway uses it: lookups at once, writes in groups, on a thread of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pipeline.llms.journal.parts import Parts, here
from pipeline.llms.journal.reserve import Reserve, left_in, open_reserve
from pipeline.llms.journal.store import ReplyStore, open_store, unusable
from pipeline.llms.wire.exchange import Exchange
from pipeline.places import ObjectPlace, Place
from schemas.errors import RunFolderError
from schemas.requests import Usage

_GROUP_S = 0.08  # with the commit, a reply is on disk within 100 ms

Landed = Callable[[RunFolderError | None], None]


def _nobody_waits(error: RunFolderError | None) -> None:
    """Let a copy from the shared cache go: it can be copied again."""


class Journal:
    """A run's replies, with a cache behind it that runs may share."""

    def __init__(self, own: Place, shared: Path | None = None, part_s: float = 5.0) -> None:
        self._place, self._part_s = own, part_s
        self._own = here(own)
        self._shared = shared
        self._thread = ThreadPoolExecutor(1, "journal")
        self._parts: Parts | None = None
        self._sender = ThreadPoolExecutor(1, "journal-parts")
        self._sending: asyncio.Task[None] | None = None
        self._readers: list[ReplyStore] = []
        self._writers: list[ReplyStore] = []
        self._part_stores: list[ReplyStore] = []
        self._reserves: list[Reserve] = []  # one gathers while what the other holds is committed
        self._spared = False
        self._pending: list[tuple[Exchange, Landed]] = []
        self._due = 0.0
        self._gathering: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._hurried = False

    async def open(self) -> None:
        """Open the files, and take in what an earlier session could not commit any more.

        Raises:
            RunFolderError: one of them cannot be used, or the disk is full.
        """
        folders = [folder for folder in (self._own, self._shared) if folder is not None]
        self._writers = [open_store(folder) for folder in folders]
        self._readers = [open_store(folder) for folder in folders]
        if isinstance(self._place, ObjectPlace):
            self._part_stores = [open_store(self._own)]
            self._parts = Parts(self._place, self._part_stores[0])
            await self._on_sender(self._parts.load)
        try:
            for left, exchanges in left_in(self._own).items():
                self._writers[0].add(exchanges, for_parts=self._parts is not None)
                left.unlink(missing_ok=True)
            for _ in range(2):
                self._reserves.append(open_reserve(self._own))
        except OSError as error:
            raise unusable(self._own, error) from error

    def get(self, key: str) -> Exchange | None:
        """Return what was said under `key` before, None where nothing was.

        What another run left in the shared cache becomes the run's own, and cost it nothing.
        """
        exchange = self._readers[0].get(key)
        if exchange is None and self._shared is not None:
            exchange = self._readers[1].get(key)
            if exchange is not None:
                exchange = replace(exchange, usage=Usage())
                self.add(exchange, _nobody_waits)
        return exchange

    def spent(self) -> Usage:
        """Return what the run has paid so far, over all its sessions."""
        return sum(self._writers[0].spent().values(), Usage())

    @property
    def own(self) -> ReplyStore:
        """The run's own replies, for what is looked up and noted seldom."""
        return self._readers[0]

    def add(self, exchange: Exchange, landed: Landed) -> None:
        """Write `exchange` with the next group, and call `landed` once it is on disk or cannot be.

        From now on a kill cannot take it.
        """
        if not self._pending:
            self._due = asyncio.get_running_loop().time() + _GROUP_S
        self._pending.append((exchange, landed))
        self._reserves[0].note(exchange)
        if self._gathering is None and self._writing is None:
            self._gather()

    def hurry(self) -> None:
        """Commit what is pending now: somebody has nothing to do until it is on disk."""
        if self._writing is not None:
            self._hurried = True
        elif self._gathering is not None:
            self._gathering.cancel()
            self._start_writing()

    async def close(self) -> None:
        """Write what is pending, then let go of the files."""
        while self._pending or self._writing is not None:
            self.hurry()
            if self._writing is not None:
                await self._writing
        try:
            await self._send_rest()
        finally:
            self._thread.shutdown()
            self._sender.shutdown()
            for store in (*self._readers, *self._writers, *self._part_stores):
                store.close()
            for reserve in self._reserves:
                reserve.close()

    def _gather(self) -> None:
        self._gathering = asyncio.get_running_loop().call_at(self._due, self._start_writing)

    def _start_writing(self) -> None:
        self._gathering = None
        group, self._pending = self._pending, []
        self._reserves.reverse()
        self._writing = asyncio.create_task(self._write_group(group, self._reserves[1]))

    async def _write_group(self, group: list[tuple[Exchange, Landed]], reserve: Reserve) -> None:
        failure = None
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._thread, self._write, [exchange for exchange, _ in group], reserve
            )
        except RunFolderError as error:
            failure = error
        self._writing = None
        self._go_on()
        for _, landed in group:
            landed(failure)
        if self._parts is not None and self._sending is None:
            self._sending = asyncio.create_task(self._send_soon(self._parts))

    def _go_on(self) -> None:
        """See to what came in meanwhile."""
        hurried, self._hurried = self._hurried, False
        if self._pending:
            self._gather()
            if hurried:
                self.hurry()

    async def _send_soon(self, parts: Parts) -> None:
        """Write a part in a while. Where the store is away, the next one holds what this one should."""
        await asyncio.sleep(self._part_s)
        self._sending = None
        with suppress(RunFolderError):
            await self._on_sender(parts.write)

    async def _send_rest(self) -> None:
        if self._parts is not None:
            if self._sending is not None:
                self._sending.cancel()
            await self._on_sender(self._parts.close)

    async def _on_sender(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._sender, work)

    def _write(self, exchanges: list[Exchange], reserve: Reserve) -> None:
        try:
            for number, writer in enumerate(self._writers):
                writer.add(exchanges, for_parts=self._parts is not None and number == 0)
        except RunFolderError:
            self._spare(reserve)
            raise
        if self._spared:
            return
        try:
            reserve.clear()
        except OSError as error:
            raise unusable(self._own, error) from error

    def _spare(self, reserve: Reserve) -> None:
        """Keep what was paid for where there is room for it still. It stays there for the next session."""
        self._spared = True
        try:
            reserve.keep()
        except OSError as error:
            raise unusable(self._own, error) from error
