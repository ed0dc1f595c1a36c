"""A limit on requests at once that all runs of one endpoint share, on a server that knows of one.

It is Prefect's global concurrency limit called `tunesmith-` and the endpoint's host. A run takes all of its
`llm.concurrency` for as long as it lasts, so that the sum over all runs never exceeds the limit. A killed
run's share comes back when its lease ends.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from prefect.client.orchestration import get_client
from prefect.concurrency.asyncio import concurrency
from prefect.exceptions import ObjectNotFound

from flows.stages.job import Stop
from schemas.errors import SettingsError
from schemas.registry import providers
from schemas.settings import Settings

# How long a waiting run takes to notice that it shall stop.
_NOTICE_S = 5.0


@dataclass(frozen=True, slots=True)
class Room:
    """What a run takes of the limit that all runs of its endpoint share. No name is no limit."""

    name: str | None = None
    slots: int = 0

    @asynccontextmanager
    async def taken(self, stop: Stop) -> AsyncIterator[None]:
        """Hold the run's share, once it is free.

        Raises:
            Interrupted: the run was asked to stop while it waited.
        """
        async with AsyncExitStack() as stack:
            while self.name is not None:
                stop.check()
                try:
                    await stack.enter_async_context(
                        concurrency(self.name, occupy=self.slots, timeout_seconds=_NOTICE_S, strict=True)
                    )
                except TimeoutError:
                    continue
                break
            yield


def limit_name(settings: Settings) -> str:
    """Return what the global limit of the settings' endpoint is called."""
    address = settings.base_url or providers.get(settings.provider).base_url or settings.provider
    return f"tunesmith-{urlsplit(address).netloc or address}"


async def shared_room(settings: Settings) -> Room:
    """Return what a run takes of its endpoint's limit; nothing where the server knows of none.

    Raises:
        SettingsError: the run alone wants more than the limit.
    """
    if not providers.get(settings.provider).is_language_model:
        return Room()
    name = limit_name(settings)
    async with get_client() as client:
        try:
            limit = (await client.read_global_concurrency_limit_by_name(name)).limit
        except ObjectNotFound:
            return Room()
    wanted = settings.llm.concurrency
    if wanted > limit:
        raise SettingsError("llm.concurrency", f"must be at most {limit}, the server's limit '{name}'")
    return Room(name, wanted)
