"""The gateway to a reward model: the scheduler, journal and budget of all others, asked in another way."""

from pipeline.llms.endpoint_gateway import EndpointGateway, open_line
from pipeline.llms.rewards.wire import RewardAsker
from pipeline.llms.wire.connection import Connection
from pipeline.places import Place
from schemas.contracts import Price, ProviderEntry
from schemas.errors import SettingsError
from schemas.settings import Settings


async def open_reward_gateway(settings: Settings, entry: ProviderEntry, replies: Place) -> EndpointGateway:
    """Return a gateway to the settings' model, which rates what it is shown.

    Raises:
        SettingsError: nothing says where the model is served, or what it costs where that must be known.
        RunFolderError: the journal cannot be used.
    """

    def asks(base_url: str, connection: Connection, price: Price) -> RewardAsker:
        return RewardAsker(base_url, connection, price, settings.llm.timeout_s)

    if not entry.is_language_model:
        raise SettingsError(
            "judge.model", f"provider '{settings.provider}' rates nothing; name an endpoint's, as in vllm/..."
        )
    line = await open_line(settings, entry, replies, asks, above_v1=True)
    return EndpointGateway(line.scheduler)
