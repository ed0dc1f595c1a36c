"""Requests out with an endpoint, and what becomes of each: an answer, another try later, or an end."""

import asyncio
import random
from dataclasses import replace
from typing import Protocol

from pipeline.llms.scheduling.jobs import Job, Source
from pipeline.llms.scheduling.lane import Lane
from pipeline.llms.scheduling.pool import LanePool
from pipeline.llms.wire.asking import Answered
from pipeline.llms.wire.connection import EndpointTrouble
from pipeline.llms.wire.exchange import Exchange
from pipeline.llms.wire.trouble import Trouble
from schemas.errors import EndpointError
from schemas.requests import FailureReason

_FIRST_RETRY_S = 0.5
_LAST_RETRY_S = 20.0
_WOULD_COME_AGAIN = (FailureReason.REFUSED, FailureReason.CONTEXT_TOO_LONG)
STOPPED = "the run was stopped"


class Outcomes(Protocol):
    """Where errands report to. Each ends in one of the first three calls, then in `freed`."""

    def keep(self, job: Job, exchange: Exchange) -> None:
        """Take what was said to `job`."""
        ...

    def rest(self, job: Job, seconds: float) -> None:
        """Try `job` again after so long."""
        ...

    def give_up(self, job: Job, reason: FailureReason, detail: str) -> None:
        """End `job` without an answer."""
        ...

    def freed(self) -> None:
        """Use the slot that came free."""
        ...

    def fail(self, error: EndpointError) -> None:
        """Stop everything: the endpoint cannot be used."""
        ...


class Errands:
    """Sends jobs over lanes. `out` is how many have not come back."""

    def __init__(self, pool: LanePool, outcomes: Outcomes, max_attempts: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._pool = pool
        self._outcomes = outcomes
        self._max_attempts = max_attempts
        self._tasks: dict[asyncio.Task[None], tuple[Job, Lane]] = {}

    @property
    def out(self) -> int:
        """How many requests are in flight."""
        return len(self._tasks)

    def send(self, job: Job, lane: Lane) -> None:
        """Ask the present turn of `job` over `lane`."""
        lane.sent(job.tokens)
        task = self._loop.create_task(self._exchange(job, lane))
        self._tasks[task] = job, lane
        task.add_done_callback(self._back)

    def cancel(self, source: Source | None = None) -> None:
        """Call off what is out, or only what came from `source`."""
        for task, (job, _) in self._tasks.items():
            if source is None or job.source is source:
                task.cancel()

    async def wait(self) -> None:
        """Return once all have come back."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _back(self, task: asyncio.Task[None]) -> None:
        """Free the slot, and give it to the next request at once."""
        job, lane = self._tasks.pop(task)
        lane.in_flight -= 1
        if task.cancelled():
            self._outcomes.give_up(job, FailureReason.CANCELLED, STOPPED)
        elif error := task.exception():
            job.source.fail(error)
        self._outcomes.freed()

    async def _exchange(self, job: Job, lane: Lane) -> None:
        sent_at = self._loop.time()
        try:
            answered = await lane.asker.ask(job.dialogue.turn, job.key, job.attempts)
        except EndpointTrouble as error:
            self._troubled(job, lane, error.trouble, sent_at)
        else:
            self._answered(job, lane, answered, sent_at)

    def _answered(self, job: Job, lane: Lane, answered: Answered, sent_at: float) -> None:
        now = self._loop.time()
        usage = answered.exchange.usage
        tokens = usage.prompt_tokens - usage.cached_tokens + usage.completion_tokens
        lane.answered(now - sent_at, tokens, answered.headers, now)
        self._outcomes.keep(job, answered.exchange)

    def _troubled(self, job: Job, lane: Lane, trouble: Trouble, sent_at: float) -> None:
        now = self._loop.time()
        if trouble.retry_after_s is not None:
            trouble = replace(trouble, retry_after_s=min(trouble.retry_after_s, self._pool.outage_s))
        if lane.failed(trouble, sent_at, now):
            self._pool.probe(lane, job.request)
        if trouble.advice:
            advice = trouble.advice.format(key_variable=lane.key_variable)
            self._outcomes.fail(EndpointError(lane.asker.base_url, trouble.detail, advice))
        elif trouble.reason in _WOULD_COME_AGAIN:
            self._outcomes.keep(job, Exchange.refusal(job.dialogue.turn, trouble.reason, trouble.detail))
        elif not trouble.transient or self._hopeless(job, trouble, now):
            self._outcomes.give_up(job, trouble.reason, trouble.detail)
            self._check_turned_away(job, lane, trouble)
        else:
            self._outcomes.rest(job, _delay_s(job, trouble))

    def _hopeless(self, job: Job, trouble: Trouble, now: float) -> bool:
        """Note a failed try. Return whether the job has had its tries while others were answered.

        In an outage nobody is answered; then it is not the job that fails. One that is told to wait does so
        for as long as an outage may last.
        """
        job.failing_since = job.failing_since or now
        job.attempts += 1
        if trouble.reason is FailureReason.RATE_LIMIT:
            return now - job.failing_since > self._pool.outage_s
        return job.attempts >= self._max_attempts and self._pool.answered_since(job.failing_since)

    def _check_turned_away(self, job: Job, lane: Lane, trouble: Trouble) -> None:
        """Stop where nobody has been answered for as long as `job` was told to wait."""
        if trouble.reason is FailureReason.RATE_LIMIT and not self._pool.answered_since(job.failing_since):
            problem = (
                f"it has turned all requests away for {self._pool.outage_s:.0f} seconds ({trouble.detail})"
            )
            advice = "the same command goes on from here when it takes requests again"
            self._outcomes.fail(EndpointError(lane.asker.base_url, problem, advice))


def _delay_s(job: Job, trouble: Trouble) -> float:
    """Return how long a job rests: what the endpoint asks for, else longer after each try."""
    if trouble.retry_after_s is not None:
        return trouble.retry_after_s
    longest_s = min(_LAST_RETRY_S, _FIRST_RETRY_S * 2.0 ** (job.attempts - 1))
    return longest_s * random.uniform(0.5, 1.0)
