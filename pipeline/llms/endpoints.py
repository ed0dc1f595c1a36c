"""Where a model is served, what it costs and how it is asked: the preset, with the settings over it."""

from schemas.contracts import ModelCard, Price, ProviderEntry
from schemas.errors import SettingsError
from schemas.registry import providers
from schemas.settings import Endpoint, Juror, PriceSettings, Settings

ANY_KEY_VARIABLE = "OPENAI_API_KEY"


def endpoints_of(settings: Settings, entry: ProviderEntry) -> tuple[Endpoint, ...]:
    """Return the endpoints that serve the settings' model, each with the variable that holds its key.

    Raises:
        SettingsError: nothing says where the model is served.
    """
    if settings.base_url is not None:
        key_variable = entry.key_variable or ANY_KEY_VARIABLE
        return (Endpoint(base_url=settings.base_url, key_variable=key_variable),)
    if settings.llm.endpoints:
        default = entry.key_variable or ANY_KEY_VARIABLE
        return tuple(
            each.model_copy(update={"key_variable": each.key_variable or default})
            for each in settings.llm.endpoints
        )
    if not entry.base_url:
        raise SettingsError("base_url", f"provider '{settings.provider}' needs one, as in --base-url URL")
    return (Endpoint(base_url=entry.base_url, key_variable=entry.key_variable),)


def asking(settings: Settings, model: str, base_url: str | None, price: PriceSettings | None) -> Settings:
    """Return the settings that ask another model, as a judge.

    It has a price of its own: `price`, else its preset's, else what the settings say of any. Endpoints that
    share the work of the generating model are those of its provider only.
    """
    if model == settings.model:
        return settings.model_copy(update={"base_url": base_url}) if base_url else settings
    chosen = settings.model_copy(update={"model": model, "base_url": base_url})
    presets = providers.get(chosen.provider).models
    known = any(card.name == chosen.model_name for card in presets)
    shared = settings.llm.endpoints if chosen.provider == settings.provider else ()
    own = {"price": price or (None if known else settings.llm.price), "endpoints": shared}
    return chosen.model_copy(update={"llm": settings.llm.model_copy(update=own)})


def judge_asking(settings: Settings) -> Settings:
    """Return the settings that ask the judge: a model of its own, else the one that generates."""
    judge = settings.judge
    return asking(settings, judge.model or settings.model, judge.base_url, judge.price)


def juror_asking(settings: Settings, juror: Juror) -> Settings:
    """Return the settings that ask a further judge at an endpoint of its own."""
    return asking(settings, juror.model, juror.base_url, settings.judge.price)


def card_of(settings: Settings, entry: ProviderEntry) -> ModelCard:
    """Return what is known of the settings' model; the settings' own window and price go first."""
    known = next((card for card in entry.models if card.name == settings.model_name), None)
    card = known or ModelCard(settings.model_name)
    own = settings.llm.price
    price = card.price
    if own is not None:
        price = Price(own.prompt, own.prompt if own.cached is None else own.cached, own.completion)
    return ModelCard(card.name, settings.llm.window or card.window, price)


def batch_price(settings: Settings, entry: ProviderEntry, price: Price) -> Price:
    """Return what the preset's batch API costs; at an address of the user's own nothing less is known of."""
    own = settings.base_url is not None or bool(settings.llm.endpoints)
    share = 1.0 if own else entry.batch_price
    return Price(price.prompt * share, price.cached * share, price.completion * share)


def check_price(settings: Settings, card: ModelCard) -> None:
    """Refuse a budget in dollars where nobody knows what the model costs.

    Raises:
        SettingsError: just that.
    """
    if settings.budget.usd is not None and not any((card.price.prompt, card.price.completion)):
        raise SettingsError(
            "budget.usd", f"the price of '{card.name}' is not known; set llm.price.prompt and .completion"
        )
