"""The cap on what a run may spend."""

from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from pipeline.places import Place
from schemas.requests import Usage
from schemas.settings import BudgetSettings


@dataclass(eq=False)
class Budget:
    """What was spent, over all of a run's sessions, against its caps. What is in flight may go beyond."""

    caps: BudgetSettings
    spent: Usage = field(default_factory=Usage)
    sent: int = 0

    @property
    def exhausted(self) -> str:
        """Which cap is reached, in words; empty while none is."""
        caps, spent = self.caps, self.spent
        if caps.requests is not None and self.sent >= caps.requests:
            return f"the budget of {caps.requests} requests is used up"
        if caps.tokens is not None and spent.prompt_tokens + spent.completion_tokens >= caps.tokens:
            return f"the budget of {caps.tokens} tokens is used up"
        if caps.usd is not None and spent.cost_usd >= caps.usd:
            return f"the budget of {caps.usd:g} USD is used up"
        return ""


_open: WeakValueDictionary[Place, Budget] = WeakValueDictionary()


def shared_budget(folder: Place, caps: BudgetSettings, spent: Usage) -> Budget:
    """Return the budget of a run's folder: gateways open on it side by side share one.

    One with other caps is of an earlier session in this process, which the garbage collector has not met yet.
    """
    folder = folder.resolve()
    budget = _open.get(folder)
    if budget is None or budget.caps != caps:
        budget = _open[folder] = Budget(caps, spent, sent=spent.requests)
    return budget
