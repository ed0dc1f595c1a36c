"""Sums over all samples: scores, lengths, groups and evidence."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from output.report.counting import Bins, Shares, Stretches
from output.report.facts import Coverage, Histogram, Pair, Share
from schemas.documents import Document
from schemas.samples import Judged, Sample, Split

SCORE_BINS = 20
LENGTH_BINS = 24
_SCORE_PLACES = 1_000
_MOST_SHOWN = 0.98
_TENTHS = 10
_MARKS = " \t\"'“”„«»‘’()[]*_#:,"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Groups:
    """How the samples spread over what they are. `openings` are the first two words of questions."""

    recipes: tuple[Share, ...]
    kinds: tuple[Share, ...]
    languages: tuple[Share, ...]
    openings: tuple[Share, ...]


def tenths(coverage: Iterable[Coverage]) -> tuple[float, ...]:
    """Return which share of the first to the last tenth of all documents is evidence of some row."""
    covered, characters = [0.0] * _TENTHS, 0
    for each in coverage:
        characters += each.length
        edges = [each.length * edge / _TENTHS for edge in range(_TENTHS + 1)]
        for part in each.covered:
            for tenth in range(part.start * _TENTHS // each.length, _TENTHS):
                if edges[tenth] >= part.end:
                    break
                covered[tenth] += min(part.end, edges[tenth + 1]) - max(part.start, edges[tenth])
    return tuple(length * _TENTHS / max(characters, 1) for length in covered)


class Tallies:
    """Counts samples as they pass by. `tokens` counts those of a text."""

    def __init__(self, tokens: Callable[[str], int]) -> None:
        self._tokens = tokens
        self._scores: dict[str, Bins] = {}
        self._lengths: dict[str, Bins] = {}
        self._groups = {name: Shares() for name in ("recipe", "kind", "language", "opening")}
        self._splits: Counter[Split] = Counter()
        self._evidence: dict[str, Stretches] = {}
        self._made: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()

    def add(self, judged: Judged, split: Split | None) -> None:
        """Count one sample; `split` is None for one that is not in the dataset."""
        kept = split is not None
        if split is not None:
            self._splits[split] += 1
        self._add_groups(judged.sample, kept=kept)
        self._add_evidence(judged.sample, kept=kept)
        for verdict in judged.verdicts:
            if verdict.score is not None:
                place = round(verdict.score * _SCORE_PLACES)
                self._scores.setdefault(verdict.filter, Bins()).add(place, kept=kept)

    def scores(self) -> tuple[Histogram, ...]:
        """Return how each filter's scores spread over 0 to 1."""
        width = _SCORE_PLACES // SCORE_BINS
        return tuple(
            bins.histogram(name, SCORE_BINS, width, 1 / _SCORE_PLACES)
            for name, bins in sorted(self._scores.items())
        )

    def lengths(self) -> tuple[Histogram, ...]:
        """Return how long questions, answers and reasoning are, in tokens; the last bin is open."""
        return tuple(
            bins.histogram(name, LENGTH_BINS, bins.quantile(_MOST_SHOWN) // LENGTH_BINS + 1)
            for name, bins in self._lengths.items()
        )

    def groups(self, openings: int) -> Groups:
        """Return how the samples spread over what they are, with the commonest `openings`."""
        recipe, kind, language, opening = self._groups.values()
        return Groups(recipe.largest(), kind.largest(), language.largest(), opening.largest(openings))

    def splits(self) -> tuple[Pair, ...]:
        """Return the number of rows of each split."""
        return tuple(Pair(split.value, f"{self._splits[split]:,}") for split in Split if self._splits[split])

    def rows(self) -> int:
        """Return the number of rows of the dataset."""
        return self._splits.total()

    def coverage(self, document: Document) -> Coverage:
        """Return which parts of `document` the kept samples lean on."""
        evidence = self._evidence.get(document.id)
        return Coverage(
            document_id=document.id,
            title=document.title,
            uri=document.source.uri,
            length=len(document.text),
            pages=document.page_count,
            covered=evidence.merged() if evidence else (),
            made=self._made[document.id],
            kept=self._kept[document.id],
        )

    def _add_groups(self, sample: Sample, *, kept: bool) -> None:
        opening = " ".join(word.strip(_MARKS) for word in sample.question.split(None, 2)[:2]).casefold()
        kind = sample.kind or "unnamed"
        if len(kind) > LONGEST_NAME:
            kind = f"{kind[: LONGEST_NAME - 1]}…"
        names = (sample.recipe, kind, sample.language or "unknown", opening[:40])
        for group, name in zip(self._groups.values(), names, strict=True):
            group.add(name, kept=kept)
        texts = {"questions": sample.question, "answers": sample.answer, "reasoning": sample.reasoning}
        for name, text in texts.items():
            if text:
                self._lengths.setdefault(name, Bins()).add(self._tokens(text), kept=kept)

    def _add_evidence(self, sample: Sample, *, kept: bool) -> None:
        for document_id in {span.document_id for span in sample.evidence}:
            self._made[document_id] += 1
            self._kept[document_id] += kept
        if kept:
            for span in sample.evidence:
                self._evidence.setdefault(span.document_id, Stretches()).add(span.start, span.end)
