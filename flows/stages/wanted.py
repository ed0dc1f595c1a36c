"""Which numbers of samples the settings ask for, and what is lacking of them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from schemas.mix import labels, quotas, rest_of
from schemas.settings import Settings

Accepted = Counter[tuple[str, str]]  # rows of the dataset by recipe and document


@dataclass(frozen=True, slots=True)
class Want:
    """So many samples of some recipes together, in all or for each document.

    `recipe` is the one that is asked for more, None for all without a number per run.
    """

    recipe: str | None
    counted: frozenset[str]
    count: int
    per_document: bool = False

    def lacking(self, accepted: Accepted, documents: Collection[str]) -> dict[str, int]:
        """Return how many are lacking, by document, or under an empty name where all count together."""
        given: Counter[str] = Counter()
        for (recipe, document), rows in accepted.items():
            if recipe in self.counted:
                given[document if self.per_document else ""] += rows
        places = documents if self.per_document else ("",)
        return {place: lack for place in places if (lack := self.count - given[place]) > 0}

    def shortfall(self, accepted: Accepted, documents: Collection[str], why: str) -> str:
        """Return what is lacking and why, in one line for people; nothing where nothing is."""
        lacking = self.lacking(accepted, documents)
        if not lacking:
            return ""
        wanted = self.count * (len(documents) if self.per_document else 1)
        who = f"{self.recipe}: " if self.recipe else ""
        each = f" ({self.count:,} per document; {len(lacking):,} gave fewer)" if self.per_document else ""
        return f"{who}{wanted - sum(lacking.values()):,} rows of the {wanted:,} wanted{each}: {why}"


def wants(settings: Settings) -> tuple[Want, ...]:
    """Return the numbers that the settings ask for: of each recipe that has one, and of the rest together."""
    counted = quotas(settings)
    rest, others = rest_of(settings), frozenset(labels(settings.recipes)) - frozenset(counted)
    found = [
        Want(label, frozenset({label}), quota.count, quota.per == "document")
        for label, quota in counted.items()
    ]
    if rest is not None and others:
        found.append(Want(None, others, rest))
    return tuple(found)


def shortfall(
    settings: Settings, accepted: Accepted, documents: Collection[str], reasons: Mapping[str | None, str]
) -> str:
    """Return what is lacking of every number that the settings ask for, and why; nothing where nothing is."""
    unknown = "run tunesmith build to ask again"
    lines = (
        want.shortfall(accepted, documents, reasons.get(want.recipe, unknown)) for want in wants(settings)
    )
    return "; ".join(line for line in lines if line)


def fruitless(settings: Settings, accepted: Accepted) -> tuple[str, ...]:
    """Return the recipes that gave no row, but for those whose numbers `shortfall` tells of."""
    giving = {recipe for recipe, _ in accepted}
    told = quotas(settings).keys() | giving
    return tuple(label for label in labels(settings.recipes) if label not in told)


def why_fruitless(recipe: str, dropped: Counter[str], requests: int) -> str:
    """Return in one line why a recipe gave no row: `dropped` are its samples by reason."""
    if dropped:
        reasons = ", ".join(
            f"{count:,} {reason.replace('_', ' ')}" for reason, count in dropped.most_common()
        )
        return f"{recipe}: no row: none of its {dropped.total():,} samples was kept ({reasons})"
    if requests:
        return f"{recipe}: no row: no sample came of its {requests:,} requests"
    return f"{recipe}: no row: the documents have nothing that it asks about"
