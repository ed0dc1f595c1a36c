"""The recipes that the settings ask for, built and checked before anything is spent."""

import hashlib
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from pipeline.asked_for import check, options_of
from pipeline.coverage import Covered, aims
from pipeline.passages import halved
from pipeline.samples import MORE_THAN_ASKED
from schemas.choices import RecipeChoice
from schemas.contracts import Aid, Chooses, Consults, Links, Recipe, RecipeEntry, RecipeSetup, Shortens
from schemas.documents import Passage
from schemas.languages import Spoken
from schemas.mix import Quota, labels, quotas
from schemas.registry import recipes
from schemas.requests import Reply, Request, Sampling
from schemas.samples import Judged, Sample
from schemas.settings import Settings
from schemas.vectors import Vectors

_TOKENS_PER_ANSWER = 120  # with its question and quotes
_HELD_OUT_SHARE = 0.1  # for an evaluating recipe without an option `share`


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Which passages only evaluating recipes see: a `share` of them, drawn by their content and the seed."""

    share: float
    seed: int

    def allows(self, passage: Passage, entry: RecipeEntry) -> bool:
        """Whether a recipe may ask about a passage."""
        return self._is_held_out(passage) is entry.held_out

    def _is_held_out(self, passage: Passage) -> bool:
        digest = hashlib.sha256(f"{self.seed}:{passage.id}".encode()).digest()
        return int.from_bytes(digest[:8], "big") < self.share * 2**64


@dataclass(frozen=True, slots=True)
class BuiltRecipe:
    """A recipe that is ready to ask. Its requests and samples bear its `label`.

    The label is the recipe's name, with a number where the settings list the same recipe again with other
    options, as in `qa-2`. `count` is what it asks for per passage; `asking` is the recipe with another count.
    """

    label: str
    count: int
    entry: RecipeEntry
    recipe: Recipe
    asking: Callable[[int], Recipe]
    spoken: Spoken = field(default_factory=Spoken)
    held_out: HeldOut | None = None
    quota: Quota | None = None

    def requests(
        self, passages: Iterable[Passage], covered: Covered | None = None, wanted: int | None = None
    ) -> Iterator[Request]:
        """Yield what to ask about `passages`; where `covered` tells what gave samples, about the rest.

        With `wanted`, so many samples are asked for in all, spread over the passages.
        """
        if isinstance(self.recipe, Consults):
            for request in self.recipe.requests_among(passages, self._may_ask_about):
                yield replace(request, recipe=self.label)
            return
        passages = self._allowed(passages)
        if covered is not None:
            passages = aims(passages, covered)
        recipe = self.recipe
        if wanted is not None:
            passages = _spread(tuple(passages), wanted)
            recipe = self.asking(math.ceil(wanted / max(1, len(passages))))
        for request in recipe.requests(passages):
            yield replace(request, recipe=self.label)

    def requests_near(self, passages: Iterable[Passage], vectors: Vectors) -> Iterator[Request]:
        """Yield what to ask about `passages` whose vectors are known, where the recipe has a use for them."""
        if not isinstance(self.recipe, Links):
            yield from self.requests(passages)
            return
        for request in self.recipe.requests_near(self._allowed(passages), vectors):
            yield replace(request, recipe=self.label)

    def shortened(self, request: Request) -> Iterator[Request]:
        """Yield what to ask in place of a request that is too long for the model; nothing to give it up.

        The parts of a passage stay on its side: whether they are held out is not drawn again. A recipe that
        asks about all documents cannot be asked about parts, unless it says how.
        """
        if isinstance(self.recipe, Shortens):
            shorter = self.recipe.shortened(request)
        elif self.entry.scope == "document":
            shorter = self.recipe.requests(tuple(halved(request.passages)))
        else:
            return
        for each in shorter:
            yield replace(each, recipe=self.label)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample | Request]:
        """Yield the samples in a reply, and what to ask next. Samples beyond those asked for are at fault."""
        recipe = self.recipe if request.count <= self.count else self.asking(request.count)
        made = 0
        for item in recipe.samples(request, reply):
            named = replace(item, recipe=self.label)
            if isinstance(named, Sample):
                made += 1
                if made > request.count:
                    named = replace(named, fault=named.fault or MORE_THAN_ASKED)
            yield named

    def choose(self, candidates: tuple[Judged, ...]) -> Iterator[Sample]:
        """Yield the samples that the recipe makes of judged candidates."""
        assert isinstance(self.recipe, Chooses)
        for sample in self.recipe.choose(candidates):
            yield replace(sample, recipe=self.label)

    def _allowed(self, passages: Iterable[Passage]) -> Iterable[Passage]:
        """Return the passages that the recipe may ask about."""
        return filter(self._may_ask_about, passages)

    def _may_ask_about(self, passage: Passage) -> bool:
        if self.spoken.refuses(passage.document.language):
            return False
        return self.held_out is None or self.held_out.allows(passage, self.entry)


def aids_of(settings: Settings) -> frozenset[Aid]:
    """Return what beside replies the recipes of `settings` need.

    Raises:
        UnknownName: there is no such recipe.
        SettingsError: a recipe's options cannot be used.
    """
    found: frozenset[Aid] = frozenset()
    for choice in settings.recipes:
        entry = recipes.get(choice.name)
        if entry.aids is not None:
            found |= entry.aids(options_of(choice, entry))
    return found


def build_recipes(settings: Settings, *, language_model: bool, round_: int = 0) -> tuple[BuiltRecipe, ...]:
    """Return the recipes of `settings`, in their order. Another round brings other requests.

    Where a recipe evaluates, it alone is given its share of the passages.

    Raises:
        UnknownName: there is no such recipe.
        SettingsError: a recipe's options cannot be used, or the export format cannot hold its samples.
        NeedsModel: a recipe needs a language model, and `language_model` says that there is none.
    """
    built: list[BuiltRecipe] = []
    most = _room(settings, language_model=language_model)
    held_out, wanted = _held_out(settings), quotas(settings)
    for label, choice in zip(labels(settings.recipes), settings.recipes, strict=True):
        entry = recipes.get(choice.name)
        check(choice, entry, settings, language_model=language_model)
        spoken = choice.spoken(settings.spoken)
        setup = _setup(choice, entry, settings, spoken, round_, wanted.get(label), most)
        built.append(
            BuiltRecipe(
                label,
                setup.count,
                entry,
                entry.build(setup),
                partial(_asking, entry, setup, most),
                spoken,
                held_out,
                wanted.get(label),
            )
        )
    return tuple(built)


def _asking(entry: RecipeEntry, setup: RecipeSetup, most: int, count: int) -> Recipe:
    return entry.build(replace(setup, count=min(count, most)))


def _room(settings: Settings, *, language_model: bool) -> int:
    """Return how many answers one reply has room for. The built-in engine's has no end."""
    return max(1, settings.llm.max_output_tokens // _TOKENS_PER_ANSWER) if language_model else sys.maxsize


def _spread(passages: tuple[Passage, ...], count: int) -> tuple[Passage, ...]:
    """Return `count` of the passages, at even distances, or all where there are no more."""
    if count >= len(passages):
        return passages
    return tuple(passages[number * len(passages) // count] for number in range(count))


def _held_out(settings: Settings) -> HeldOut | None:
    for choice in settings.recipes:
        entry = recipes.get(choice.name)
        if entry.held_out:
            options = options_of(choice, entry)
            return HeldOut(getattr(options, "share", _HELD_OUT_SHARE), settings.seed)
    return None


def _setup(
    choice: RecipeChoice,
    entry: RecipeEntry,
    settings: Settings,
    spoken: Spoken,
    round_: int,
    quota: Quota | None,
    most: int,
) -> RecipeSetup:
    llm = settings.llm
    per_passage = choice.count if choice.per == "passage" else None
    return RecipeSetup(
        min(per_passage or entry.default_count, most),
        Sampling(settings.model_name, llm.temperature, llm.top_p, llm.max_output_tokens),
        options_of(choice, entry),
        spoken.question,
        spoken.answer,
        settings.seed,
        round_,
        quota.count if quota and quota.per == "run" else None,
    )
