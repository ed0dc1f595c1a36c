"""The heart of the gateway: a free slot takes the next request at once, without polling or barriers."""

import asyncio
from collections.abc import Iterable

from pipeline.llms.journal.journal import Journal
from pipeline.llms.scheduling.accounts import Accounts
from pipeline.llms.scheduling.budget import Budget
from pipeline.llms.scheduling.errands import STOPPED, Errands
from pipeline.llms.scheduling.jobs import Handle, Job, Source
from pipeline.llms.scheduling.lane import Lane
from pipeline.llms.scheduling.lineup import Lineup, blamed_on
from pipeline.llms.scheduling.pool import LanePool
from pipeline.llms.stats import GatewayStats
from pipeline.llms.wire.exchange import Exchange
from schemas.errors import RunFolderError, TunesmithError
from schemas.requests import Completion, FailureReason, Request

_AT_ONCE = 100  # answers from the journal before the event loop may do something else


class Scheduler:
    """Sends requests as slots come free, and hands each answer out once it is on disk.

    Everything happens in `_pump`, which fills the free slots, and in what it starts. It is called whenever
    something may have become possible: a slot freed, a request added, a retry due, an endpoint back.
    """

    def __init__(
        self, lanes: Iterable[Lane], journal: Journal, budget: Budget, *, outage_s: float, max_attempts: int
    ) -> None:
        self.accounts = Accounts()
        self._loop = asyncio.get_running_loop()
        self._pool = LanePool(tuple(lanes), outage_s, self._pump, self.fail)
        self._errands = Errands(self._pool, self, max_attempts)
        self._journal = journal
        self._budget = budget
        self._lineup = Lineup()
        self._wake: asyncio.TimerHandle | None = None
        self._pumping = False
        self._stopped = False
        self._error: TunesmithError | None = None

    async def run(self, requests: Iterable[Request], handle: Handle, *, urgent: bool = False) -> None:
        """Answer all of `requests` and what `handle` makes of them. Urgent ones go before all that waits.

        Raises:
            EndpointError: the endpoint cannot be used.
            RunFolderError: replies cannot be kept.
        """
        if self._error is not None:
            raise self._error
        source = Source(iter(requests), handle, self._loop.create_future())
        self._lineup.open(source, first=urgent)
        if self._stopped:
            self._cancel_waiting()
        self._pump()
        try:
            await source.finished
        finally:
            self._lineup.drop(source)
            self._errands.cancel(source)

    def holds(self, key: str) -> bool:
        """Whether the journal knows what was said under `key`."""
        return self._journal.get(key) is not None

    def budget_reached(self, requests: int) -> bool:
        """Whether so many requests more may not be sent as one batch. Where they may, they count as sent."""
        caps = self._budget.caps.requests
        if self._budget.exhausted or (caps is not None and self._budget.sent + requests > caps):
            return True
        self._budget.sent += requests
        self.accounts.sent += requests
        return False

    async def record(self, exchanges: Iterable[Exchange]) -> None:
        """Take in replies that came another way, and return once they are on disk.

        Raises:
            RunFolderError: they cannot be kept.
        """
        landings = [self._recorded(exchange) for exchange in exchanges]
        for error in await asyncio.gather(*landings):
            if error is not None:
                raise error

    def stats(self) -> GatewayStats:
        """Return a snapshot."""
        accounts, now = self.accounts, self._loop.time()
        return GatewayStats(
            queued=self._lineup.waiting,
            in_flight=self._errands.out,
            done=accounts.done,
            failed=accounts.failed,
            cached=accounts.cached,
            sent=accounts.sent,
            requests_per_s=accounts.per_second(now),
            limit=self._pool.limit,
            paused=self._budget.exhausted or (self._pool.paused(now) if self._lineup.waiting else ""),
            usage=accounts.total,
        )

    def stop(self) -> None:
        """Pull and send no more. What was pulled and is not answered ends as cancelled."""
        self._stopped = True
        self._pool.stop()
        self._errands.cancel()
        self._cancel_waiting()

    async def close(self) -> None:
        """Stop, write what is pending, and let go of everything."""
        self.stop()
        await self._errands.wait()
        await self._journal.close()
        await self._pool.close()

    # --- what goes next ----------------------------------------------------------------------------

    def _pump(self) -> None:
        """Fill the free slots."""
        if self._pumping or self._stopped or self._error is not None:
            return
        self._pumping = True
        try:
            for _ in range(_AT_ONCE):
                if not self._step():
                    return
            self._loop.call_soon(self._pump)
        except RunFolderError as error:
            self._run_dry(error)
        finally:
            self._pumping = False

    def _step(self) -> bool:
        """Bring one request forward. Return False where nothing can be done now."""
        job = self._lineup.next()
        if job is None:
            self._journal.hurry()  # what is on its way to disk may bring the next request
            return False
        if self._recalled(job) or self._lineup.follows(job):
            return True
        if problem := self._budget.exhausted:
            self.give_up(job, FailureReason.BUDGET, problem)
            return True
        now = self._loop.time()
        lane = self._pool.free(now, self._lineup.lane_of(job))
        if lane is None:
            self._lineup.put_first([job])
            self._wake_in(self._pool.wait_s(now))
            return False
        self._send(job, lane)
        return True

    def _recalled(self, job: Job) -> bool:
        """Return whether the journal brought the job forward."""
        exchange = None if job.looked_up else self._journal.get(job.key)
        job.looked_up = True
        if exchange is not None:
            self._hear(job, exchange, cached=True)
        return exchange is not None

    def _wake_in(self, seconds: float) -> None:
        """Pump again once the clock alone has made room."""
        if seconds == float("inf"):
            return
        if self._wake is not None:
            self._wake.cancel()
        self._wake = self._loop.call_later(max(seconds, 0.001), self._pump)

    def _send(self, job: Job, lane: Lane) -> None:
        self._budget.sent += 1
        self.accounts.sent += 1
        self._lineup.sent(job, lane.number)
        self._errands.send(job, lane)

    # --- what becomes of it ------------------------------------------------------------------------

    def keep(self, job: Job, exchange: Exchange) -> None:
        """Write down what was said, then go on with it."""
        self.accounts.paid(exchange)
        self._budget.spent += exchange.usage

        def landed(error: RunFolderError | None) -> None:
            if error is not None:
                self._run_dry(error)
                return
            self._lineup.release(job, warm=exchange.error is None)
            self._hear(job, exchange, cached=False)
            self._pump()

        self._journal.add(exchange, landed)

    def rest(self, job: Job, seconds: float) -> None:
        """Let `job` try again after so long."""
        self._lineup.rest(job, seconds, self._pump)

    def give_up(self, job: Job, reason: FailureReason, detail: str) -> None:
        """End `job` with the whole items that it was given, else as a failure."""
        self._lineup.release(job, warm=False)
        self._end(job, job.dialogue.settle(reason, detail))

    def freed(self) -> None:
        """Give a slot that came free to the next request at once."""
        if self._error is not None and not self._errands.out:
            self.fail(self._error)
        self._pump()

    def fail(self, error: TunesmithError) -> None:
        """Stop everything with one clear error."""
        self._error = self._error or error
        self._pool.stop()
        self._errands.cancel()
        for source in self._lineup.sources():
            source.fail(self._error)

    def _run_dry(self, error: RunFolderError) -> None:
        """Send no more, and stop once all that is paid for has come in: the journal has room set aside."""
        self._error = self._error or error
        if not self._errands.out:
            self.fail(error)

    def _recorded(self, exchange: Exchange) -> asyncio.Future[RunFolderError | None]:
        self.accounts.paid(exchange)
        self._budget.spent += exchange.usage
        landing: asyncio.Future[RunFolderError | None] = self._loop.create_future()
        self._journal.add(exchange, landing.set_result)
        return landing

    def _hear(self, job: Job, exchange: Exchange, *, cached: bool) -> None:
        completion = job.dialogue.hear(exchange, cached=cached)
        if completion is not None:
            self._end(job, completion)
            return
        job.next_turn()
        self._queue([job])

    def _queue(self, jobs: Iterable[Job]) -> None:
        self._lineup.put_first(jobs)
        if self._stopped:
            self._cancel_waiting()

    def _end(self, job: Job, completion: Completion) -> None:
        """Hand a completion out, and take in the requests that follow from it."""
        self.accounts.ended(completion, self._loop.time())
        source = job.source
        if source.finished.done():
            return
        with blamed_on(source):
            following = [Job(request, source) for request in source.handle(job.request, completion)]
            source.open_jobs += len(following) - 1
            self._queue(following)
            source.settle()

    def _cancel_waiting(self) -> None:
        for job in self._lineup.drain():
            self._end(job, job.dialogue.settle(FailureReason.CANCELLED, STOPPED))
        for source in self._lineup.sources():
            source.settle()
