"""Decides which of the judged samples go into the dataset, and into which split."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from pipeline.select.candidates import Candidate, JudgedSource, candidate_of
from pipeline.select.gain import Gain, MeaningGain, WordGain
from pipeline.select.meaning import Meanings, leaders_by_meaning
from pipeline.select.near import leaders as near_leaders
from pipeline.select.splits import Groups, split_groups
from pipeline.select.spread import spread
from pipeline.select.tokens import Vocabulary
from schemas.ledger import End
from schemas.mix import quotas, rest_of
from schemas.registry import recipes
from schemas.samples import Judged, Split
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Decision:
    """How one sample ended. `cluster` names the sample that stands for it and its near-duplicates."""

    sample_id: str
    end: End
    reason: str
    split: Split | None
    cluster: str


def select(
    judged: JudgedSource,
    settings: Settings,
    kept_splits: Mapping[str, Split] | None = None,
    meanings: Meanings | None = None,
) -> dict[str, Decision]:
    """Return the decision on every sample, by its id.

    `judged` is read once, one sample at a time: texts are never held together.
    `kept_splits` gives documents, by id, the split of an earlier build, which they keep. With `meanings`,
    samples that say the same in other words are duplicates too, and a choice of few is spread over meanings.
    """
    decisions: dict[str, Decision] = {}
    alive: list[Candidate] = []
    vocabulary = Vocabulary()
    held_out: set[str] = set()
    for item in judged():
        if item.keep:
            alive.append(candidate_of(item, vocabulary, settings.select.balance))
            if evaluates(item.sample.recipe, settings):
                held_out.add(item.sample.id)
        else:
            decisions[item.sample.id] = _dropped_earlier(item)
    choice = _Choice(settings, vocabulary, kept_splits or {}, held_out, meanings)
    choice.rank(alive)
    choice.drop_low_scores()
    choice.drop_exact_duplicates()
    choice.drop_near_duplicates()
    choice.drop_same_meanings()
    choice.join_documents()
    choice.drop_beyond_counts()
    choice.drop_beyond_wanted()
    return decisions | choice.decisions()


def evaluates(label: str, settings: Settings) -> bool:
    """Whether a recipe's samples are for the test split: its passages were held out from all others."""
    names = {choice.name for choice in settings.recipes if recipes.get(choice.name).held_out}
    return any(label == name or label.startswith(f"{name}-") for name in names)


def _dropped_earlier(judged: Judged) -> Decision:
    end = End.FAILED if judged.reason.endswith("_failed") else End.DROPPED
    return Decision(judged.sample.id, end, judged.reason, None, judged.sample.id)


class _Choice:
    """The candidates that are left, the better ones first, and why the others are not."""

    def __init__(
        self,
        settings: Settings,
        vocabulary: Vocabulary,
        kept_splits: Mapping[str, Split],
        held_out: Collection[str],
        meanings: Meanings | None,
    ) -> None:
        self._settings, self._quotas = settings, quotas(settings)
        self._vocabulary = vocabulary
        self._kept_splits = kept_splits
        self._held_out = held_out
        self._meanings = meanings
        self._groups = Groups(kept_splits)
        self._left: list[Candidate] = []
        self._reasons: dict[str, str] = {}
        self._clusters: dict[str, str] = {}

    def rank(self, candidates: list[Candidate]) -> None:
        """Put the better ones first; rows of documents that an earlier build kept lead, and so stay."""

        def rank(candidate: Candidate) -> tuple[bool, float, str]:
            is_new = not any(document in self._kept_splits for document in candidate.documents)
            return is_new, -candidate.score, candidate.sample_id

        self._left = sorted(candidates, key=rank)

    def drop_low_scores(self) -> None:
        """Drop what scores below the least score wanted."""
        least = self._settings.select.min_score
        self._keep_where("score_below_minimum", {c.sample_id for c in self._left if c.score >= least})

    def drop_exact_duplicates(self) -> None:
        """Keep the best of the candidates that say the same but for case, punctuation and spacing."""
        first: dict[bytes, str] = {}
        for candidate in self._left:
            self._clusters[candidate.sample_id] = first.setdefault(candidate.key, candidate.sample_id)
        self._keep_where("exact_duplicate", set(first.values()))

    def drop_near_duplicates(self) -> None:
        """Keep the best of the candidates that state the same fact in other words."""
        if not self._settings.select.near_duplicates:
            return
        self._keep_leaders("near_duplicate", near_leaders([c.tokens for c in self._left], self._vocabulary))

    def drop_same_meanings(self) -> None:
        """Keep the best of the candidates whose vectors are near and whose facts are the same."""
        if self._meanings is None or not self._settings.select.near_duplicates:
            return
        rows = [c.tokens for c in self._left]
        places = [self._meanings.places.get(c.sample_id) for c in self._left]
        same_above = self._settings.embeddings.same_above
        self._keep_leaders(
            "same_meaning",
            leaders_by_meaning(rows, places, self._meanings.vectors, self._vocabulary, same_above),
        )

    def drop_beyond_counts(self) -> None:
        """Keep of each recipe as many as its count per document or run allows, spread as below."""
        pools: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        for candidate in self._left:
            if quota := self._quotas.get(candidate.recipe):
                pools[candidate.recipe, candidate.home if quota.per == "document" else ""].append(candidate)
        kept = {c.sample_id for c in self._left if c.recipe not in self._quotas}
        for (recipe, _), pool in pools.items():
            kept |= self._spread(pool, self._quotas[recipe].count)
        self._keep_where("beyond_count", kept)

    def drop_beyond_wanted(self) -> None:
        """Keep as many as are wanted of the recipes without counts, spread over words and groups."""
        counted = {c.sample_id for c in self._left if c.recipe in self._quotas}
        rest = [c for c in self._left if c.sample_id not in counted]
        top_share, target = self._settings.select.top_share, rest_of(self._settings)
        share = len(rest) if top_share is None else ceil(top_share * len(rest))
        target = len(rest) if target is None else target
        wanted = min(share, target)
        if wanted < len(rest):
            reason = "beyond_target" if target <= share else "below_top_share"
            self._keep_where(reason, counted | self._spread(rest, wanted))

    def join_documents(self) -> None:
        """Tie the documents of each candidate together; drop one that would tie two splits."""
        self._keep_where(
            "crosses_splits",
            {
                c.sample_id
                for c in self._left
                if c.sample_id in self._held_out or self._groups.join(c.documents)
            },
        )

    def decisions(self) -> dict[str, Decision]:
        """Return how every candidate ended."""
        roots = {c.sample_id: self._groups.root(_home(c)) for c in self._left}
        splits = split_groups(
            Counter(roots.values()), self._groups, self._settings.split, self._settings.seed
        )
        ended = {
            sample_id: Decision(sample_id, End.DROPPED, reason, None, self._cluster(sample_id))
            for sample_id, reason in self._reasons.items()
        }
        for sample_id, root in roots.items():
            split = Split.TEST if sample_id in self._held_out else splits[root]
            ended[sample_id] = Decision(sample_id, End.KEPT, "", split, self._cluster(sample_id))
        return ended

    def _spread(self, pool: Sequence[Candidate], count: int) -> set[str]:
        if count >= len(pool):
            return {c.sample_id for c in pool}
        gain = self._gain() if self._settings.select.diversity else None
        return {c.sample_id for c in spread(pool, count, gain)}

    def _gain(self) -> Gain:
        return WordGain(self._vocabulary) if self._meanings is None else MeaningGain(self._meanings)

    def _keep_leaders(self, reason: str, leaders: list[int]) -> None:
        """Keep those that lead themselves, each for the cluster of those that it leads."""
        for candidate, leader in zip(self._left, leaders, strict=True):
            self._clusters[candidate.sample_id] = self._left[leader].sample_id
        self._keep_where(reason, {self._left[leader].sample_id for leader in leaders})

    def _keep_where(self, reason: str, kept: set[str]) -> None:
        self._reasons |= {c.sample_id: reason for c in self._left if c.sample_id not in kept}
        self._left = [c for c in self._left if c.sample_id in kept]

    def _cluster(self, sample_id: str) -> str:
        while (leader := self._clusters.get(sample_id, sample_id)) != sample_id:
            sample_id = leader
        return sample_id


def _home(candidate: Candidate) -> str:
    """Return a document of the sample, or a stand-in for one that was made from none."""
    return candidate.documents[0] if candidate.documents else candidate.key.hex()
