"""Who is next: requests that wait, that rest after a failure, that follow another, and their sources."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pipeline.llms.scheduling.groups import PrefixGroups
from pipeline.llms.scheduling.jobs import Job, Source

_HELD_BACK = 2000  # requests that rest or wait for their group's first one, before no more are pulled


class Lineup:
    """Hands out one job at a time. Sources are pulled only when nothing else waits, each in its turn."""

    def __init__(self) -> None:
        self._sources: deque[Source] = deque()
        self._ready: deque[Job] = deque()
        self._resting: dict[Job, asyncio.TimerHandle] = {}
        self._twins: dict[str, list[Job]] = {}
        self._groups: PrefixGroups[Job] = PrefixGroups()

    @property
    def waiting(self) -> int:
        """How many requests were pulled and are not out."""
        twins = sum(map(len, self._twins.values()))
        return len(self._ready) + len(self._resting) + self._groups.waiting + twins

    def open(self, source: Source, *, first: bool) -> None:
        """Take turns with a source from now on. The `first` request of an urgent one is next."""
        self._sources.append(source)
        if first and (job := _pulled(source)) is not None:
            self._ready.appendleft(job)

    def drop(self, source: Source) -> None:
        """Forget a source that has finished. Its jobs that wait are passed over."""
        if source in self._sources:
            self._sources.remove(source)

    def sources(self) -> tuple[Source, ...]:
        """Return the open sources."""
        return tuple(self._sources)

    def next(self) -> Job | None:
        """Return the next job, None where there is none now."""
        while self._ready:
            job = self._ready.popleft()
            if not job.source.finished.done():
                return job
            self.release(job, warm=False)
        held_back = self._groups.waiting + len(self._resting)
        for _ in range(len(self._sources) if held_back < _HELD_BACK else 0):
            source = self._sources[0]
            self._sources.rotate(-1)
            pulled = _pulled(source)
            if pulled is not None:
                return pulled
        return None

    def put_first(self, jobs: Iterable[Job]) -> None:
        """Let `jobs` be next, in their order."""
        self._ready.extendleft(reversed(tuple(jobs)))

    def follows(self, job: Job) -> bool:
        """Return whether `job` now waits for another one: its twin, or the first of its prefix group."""
        twins = self._twins.get(job.key)
        if twins is not None:
            twins.append(job)
            return True
        return self._groups.must_wait(job.group, job)

    def lane_of(self, job: Job) -> int | None:
        """Return the lane whose server holds the job's prefix."""
        return self._groups.lane_of(job.group)

    def sent(self, job: Job, lane: int) -> None:
        """Note that `job` is out: its twins and, if it is the first of a group, the rest wait for it."""
        self._twins[job.key] = []
        self._groups.sent(job.group, job, lane)

    def release(self, job: Job, *, warm: bool) -> None:
        """Let those go that waited for `job`. `warm` says that the server now holds its prefix."""
        self._free_twins(job)
        self._ready.extend(self._groups.leader_ended(job.group, job, warm=warm))

    def rest(self, job: Job, seconds: float, then: Callable[[], None]) -> None:
        """Let `job` join the line again when it is due, then call `then`."""

        def rested() -> None:
            del self._resting[job]
            self._free_twins(job)
            self._ready.appendleft(job)
            then()

        self._resting[job] = asyncio.get_running_loop().call_later(seconds, rested)

    def _free_twins(self, job: Job) -> None:
        """Let a job's twins look into the journal again, where its answer now may stand."""
        for twin in self._twins.pop(job.key, ()):
            twin.looked_up = False
            self._ready.append(twin)

    def drain(self) -> list[Job]:
        """Return all jobs that wait, which are forgotten here, and pull no more."""
        for timer in self._resting.values():
            timer.cancel()
        twins = [job for jobs in self._twins.values() for job in jobs]
        jobs = [*self._ready, *self._resting, *twins, *self._groups.drain()]
        self._ready.clear()
        self._resting.clear()
        self._twins.clear()
        for source in self._sources:
            source.exhausted = True
        return jobs


@contextmanager
def blamed_on(source: Source) -> Iterator[None]:
    """Run a caller's own code: its errors are raised where the caller waits for its source."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # any error of the caller's goes back to the caller
        source.fail(error)


def _pulled(source: Source) -> Job | None:
    if source.exhausted or source.finished.done():
        return None
    with blamed_on(source):
        request = next(source.requests, None)
        if request is not None:
            source.open_jobs += 1
            return Job(request, source)
        source.exhausted = True
        source.settle()
    return None
