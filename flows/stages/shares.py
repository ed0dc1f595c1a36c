"""What each of several processes may take of a run's limits: the sum is never more than the whole."""

from dataclasses import dataclass, field

from schemas.errors import SettingsError
from schemas.requests import Usage
from schemas.settings import BudgetSettings, Endpoint, LLMSettings, Settings


def shared_out(settings: Settings) -> Settings:
    """Return the settings of one partition: its part of the endpoint's limits.

    Raises:
        SettingsError: there are fewer requests at once than partitions.
    """
    at_once = settings.partitions.at_once or 1
    llm = settings.llm
    if at_once > llm.concurrency:
        raise SettingsError("partitions.at_once", f"must be at most llm.concurrency, {llm.concurrency}")
    endpoints = tuple(each.model_copy(update=_rates(each, at_once)) for each in llm.endpoints)
    own = _rates(llm, at_once) | {"endpoints": endpoints}
    return settings.model_copy(update={"llm": llm.model_copy(update=own)})


def _rates(limits: LLMSettings | Endpoint, of: int) -> dict[str, object]:
    """Return a part of each limit that there is."""
    return {
        name: max(1, whole // of)
        for name in ("concurrency", "requests_per_minute", "tokens_per_minute")
        if (whole := getattr(limits, name)) is not None
    }


@dataclass(slots=True)
class Purse:
    """What is left of a budget for partitions that are still to come, those at work counted as spent."""

    caps: BudgetSettings
    places: int
    handed_out: dict[str, BudgetSettings] = field(default_factory=dict)

    def take(self, name: str, spent: Usage) -> BudgetSettings:
        """Return the share of the next partition: an equal part of what nobody has, for each free place."""
        free = max(1, self.places - len(self.handed_out))
        caps, out = self.caps, self.handed_out.values()
        share = BudgetSettings(
            usd=None
            if caps.usd is None
            else max(0.0, caps.usd - spent.cost_usd - sum(each.usd or 0.0 for each in out)) / free,
            tokens=None
            if caps.tokens is None
            else max(
                0,
                caps.tokens
                - spent.prompt_tokens
                - spent.completion_tokens
                - sum(each.tokens or 0 for each in out),
            )
            // free,
            requests=None
            if caps.requests is None
            else max(0, caps.requests - spent.requests - sum(each.requests or 0 for each in out)) // free,
        )
        self.handed_out[name] = share
        return share

    def give_back(self, name: str) -> None:
        """Note that a partition has ended: what it spent stands in the journal."""
        self.handed_out.pop(name, None)
