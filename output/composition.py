"""What a dataset's rows are, counted as they are written."""

from collections import Counter
from dataclasses import dataclass, field

from schemas.samples import Judged


@dataclass(frozen=True, slots=True)
class Composition:
    """Rows by recipe, model, language (`''` where none is told) and filters that they passed."""

    recipes: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    filters: Counter[str] = field(default_factory=Counter)

    def note(self, judged: Judged) -> None:
        """Count one row."""
        sample = judged.sample
        self.recipes[sample.recipe] += 1
        self.models[sample.origin.model] += 1
        self.languages[sample.language or ""] += 1
        for verdict in judged.verdicts:
            self.filters[verdict.filter] += 1
