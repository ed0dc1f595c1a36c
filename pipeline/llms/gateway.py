"""The way to a model: one gateway, which all of a run's tasks share."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from pipeline.llms.stats import GatewayStats
from pipeline.places import Place
from schemas.registry import providers
from schemas.requests import Completion, Request, Usage
from schemas.settings import JudgeKind, Settings

Handle = Callable[[Request, Completion], Iterable[Request]]


class Gateway(Protocol):
    """Answers requests. Several tasks of one event loop may use it at the same time."""

    @property
    def usage(self) -> Mapping[str, Usage]:
        """What was paid since the gateway opened, by recipe."""
        ...

    async def complete(self, request: Request) -> Completion:
        """Return the answer to one request, ahead of all that waits.

        Raises:
            EndpointError: the endpoint cannot be used at all.
            RunFolderError: replies cannot be kept.
        """
        ...

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        """Answer all of `requests`, and those that `handle` returns.

        Requests are pulled as slots come free, so there may be millions. `handle` is called once for each,
        in no order, after its reply is on disk. An error of the caller's own code is raised here.

        Raises:
            EndpointError: the endpoint cannot be used at all.
            RunFolderError: replies cannot be kept.
        """
        ...

    def stats(self) -> GatewayStats:
        """Return a snapshot for a live display."""
        ...

    def stop(self) -> None:
        """End within seconds: what was pulled and is not answered ends as cancelled, the rest is left."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


@asynccontextmanager
async def open_gateway(
    settings: Settings, replies: Place, kind: JudgeKind = "chat"
) -> AsyncIterator[Gateway]:
    """Yield the gateway to the settings' model. `replies` holds the journal.

    `kind` says whether it answers chats or, as a judge may, gives rewards.

    Raises:
        UnknownName: there is no such provider.
        SettingsError: a setting does not fit the model.
        RunFolderError: the journal cannot be used.
    """
    gateway = await _opened(settings, replies, kind)
    try:
        yield gateway
    finally:
        await gateway.close()


async def _opened(chosen: Settings, replies: Place, kind: JudgeKind) -> Gateway:
    entry = providers.get(chosen.provider)
    if entry.connect is not None and (kind == "chat" or entry.is_language_model):
        from pipeline.llms.in_process import InProcessGateway

        return InProcessGateway(entry.connect(chosen.model_name))
    if kind == "reward":
        from pipeline.llms.rewards.gateway import open_reward_gateway

        return await open_reward_gateway(chosen, entry, replies)
    from pipeline.llms.endpoint_gateway import open_endpoint_gateway

    return await open_endpoint_gateway(chosen, entry, replies)
