"""How many samples of each recipe a run shall keep, where its settings say so."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from schemas.choices import RecipeChoice
    from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Quota:
    """So many accepted samples, for each document or for the whole run."""

    count: int
    per: Literal["document", "run"]


def labels(choices: Iterable["RecipeChoice"]) -> tuple[str, ...]:
    """Return what the samples of each recipe bear: its name, and `qa-2` where a mix lists `qa` again."""
    seen: Counter[str] = Counter()
    found = []
    for choice in choices:
        seen[choice.name] += 1
        found.append(choice.name if seen[choice.name] == 1 else f"{choice.name}-{seen[choice.name]}")
    return tuple(found)


def quotas(settings: "Settings") -> dict[str, Quota]:
    """Return the quota of each recipe that has one, by its label.

    Shares are of the target; what rounding leaves over goes to the largest remainders, so that shares that
    add up to one add up to the target.
    """
    named = dict(zip(labels(settings.recipes), settings.recipes, strict=True))
    shares = {label: choice.share for label, choice in named.items() if choice.share is not None}
    parts = _parts(shares, settings.target or 0)
    found: dict[str, Quota] = {}
    for label, choice in named.items():
        if label in parts:
            found[label] = Quota(parts[label], "run")
        elif choice.count is not None and choice.per != "passage":
            found[label] = Quota(choice.count, choice.per)
    return found


def rest_of(settings: "Settings") -> int | None:
    """Return how many samples the recipes without a quota shall give together; None for as many as come."""
    if settings.target is None:
        return None
    return settings.target - sum(quota.count for quota in quotas(settings).values())


def refusal(settings: "Settings", language: str | None) -> str:
    """Return why no recipe asks about documents in `language`, as a word for the ledger, else nothing."""
    reasons = [choice.spoken(settings.spoken).refuses(language) for choice in settings.recipes]
    return max(reasons) if reasons and all(reasons) else ""  # an unsupported language before another one


def contradiction(settings: "Settings") -> str | None:
    """Return why the recipes' numbers cannot be honoured together, None where they can."""
    target, choices = settings.target, settings.recipes
    shares = sum(choice.share or 0.0 for choice in choices)
    if shares and target is None:
        return "a share is one of the target: set target, or give counts per run"
    if shares > 1 + 1e-9:
        return f"the shares add up to {shares:.0%}"
    if target is None:
        return None
    if any(choice.per == "document" for choice in choices):
        return "a count per document and a target cannot both be exact; leave one out"
    rest = rest_of(settings) or 0
    all_counted = len(quotas(settings)) == len(choices)
    if rest < 0 or (all_counted and rest):
        return f"the recipes' counts add up to {target - rest:,}, the target is {target:,}"
    if not rest and not all_counted:
        return f"the counted recipes take up the whole target of {target:,}; the others would give nothing"
    return None


def _parts(shares: dict[str, float], target: int) -> dict[str, int]:
    parts = {label: int(share * target + 1e-9) for label, share in shares.items()}
    spare = round(sum(shares.values()) * target) - sum(parts.values())
    by_remainder = sorted(parts, key=lambda label: parts[label] - shares[label] * target)
    for label in by_remainder[:spare]:
        parts[label] += 1
    return parts
