"""For how long a batch is waited for."""

import asyncio
from dataclasses import dataclass, field

from pipeline.llms.scheduling.pool import FIRST_CONTACT_S
from schemas.errors import EndpointError

_AGAIN = "a batch that was sent goes on there, and the same command finds it again"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an endpoint may say nothing, and how long one batch may take, in seconds."""

    outage_s: float
    batch_s: float


@dataclass(slots=True)
class Waiting:
    """The wait for one batch at an endpoint. One that has never `answered` is given a few seconds."""

    base_url: str
    limits: Limits
    answered: bool = False
    _began: float = field(init=False)
    _heard: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self._heard = asyncio.get_running_loop().time()

    def heard(self, batch: str) -> None:
        """Note that the batch is at work still.

        Raises:
            EndpointError: it has been for too long.
        """
        self.answered = True
        self._heard = asyncio.get_running_loop().time()
        if self._heard - self._began > self.limits.batch_s:
            problem = f"batch {batch} has not ended in {self.limits.batch_s:.0f} seconds"
            raise EndpointError(self.base_url, problem, f"{_AGAIN}; llm.batch_s allows it longer")

    def silent(self, detail: str) -> None:
        """Note that the endpoint did not answer.

        Raises:
            EndpointError: it has not for too long.
        """
        allowed_s = self.limits.outage_s if self.answered else min(FIRST_CONTACT_S, self.limits.outage_s)
        silence_s = asyncio.get_running_loop().time() - self._heard
        if silence_s > allowed_s:
            problem = f"it has not answered for {silence_s:.0f} seconds ({detail})"
            raise EndpointError(self.base_url, problem, _AGAIN)
