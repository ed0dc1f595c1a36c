"""What each sample shall be like, drawn before a model is asked, so that variety is planned."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from pydantic import Field

from schemas.contracts import Options, RecipeSetup
from schemas.documents import Passage

Axis = tuple[str, ...]
_TOKENS_PER_ITEM = 30  # a sentence and a half


class ScenarioGrid(Options):
    """The values that each property of a sample may take. An axis without values is left to the model."""

    kind: Axis = Field(default=(), description="what a question asks for")
    difficulty: Axis = ("easy", "medium", "hard")
    audience: Axis = ("a newcomer to the subject", "a practitioner", "an expert")
    style: Axis = ("plain", "formal", "conversational")
    length: Axis = ("one sentence", "two or three sentences", "a short paragraph")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one sample shall be like. `label` is how a prompt and its reply name it, as in `P2`."""

    label: str
    kind: str = ""
    difficulty: str = ""
    audience: str = ""
    style: str = ""
    length: str = ""

    def line(self) -> str:
        """Return the scenario as a line of a prompt."""
        wishes = [f"{axis.name}: {value}" for axis in fields(self)[1:] if (value := getattr(self, axis.name))]
        return f"{self.label}. {'; '.join(wishes)}"


def draw(grid: ScenarioGrid, count: int, *key: object) -> tuple[Scenario, ...]:
    """Return `count` scenarios, the same for the same `key`.

    Every axis is a deck of cards: no value comes again before all the others have come.
    """
    chance = random.Random(hashlib.sha256(repr(key).encode()).digest())
    decks = {name: _deck(getattr(grid, name), chance) for name in type(grid).model_fields}
    return tuple(
        Scenario(f"P{number}", **{name: next(deck) for name, deck in decks.items()})
        for number in range(1, count + 1)
    )


def scenarios_for(
    passage: Passage, grid: ScenarioGrid, recipe: str, setup: RecipeSetup
) -> tuple[Scenario, ...]:
    """Return what the samples of a passage shall be like, as many as are asked for and fit."""
    count = fitting_count(setup.count, passage)
    return draw(grid, count, recipe, setup.seed, setup.round, passage.id)


def fitting_count(count: int, passage: Passage) -> int:
    """Return `count`, or fewer where a passage is too short to hold so many different things."""
    return min(count, max(1, passage.tokens // _TOKENS_PER_ITEM))


def plan(scenarios: Sequence[Scenario]) -> str:
    """Return the lines that ask for these scenarios, one item each."""
    return "\n".join(["Write one item for each line of this plan:", *(one.line() for one in scenarios)])


def _deck(values: Axis, chance: random.Random) -> Iterator[str]:
    while True:
        cards = list(values) or [""]
        chance.shuffle(cards)
        yield from cards
