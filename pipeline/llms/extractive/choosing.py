"""The best facts, of as many kinds as there are."""

from collections.abc import Iterable

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.wording import shuffled


def best_facts(facts: Iterable[Fact], count: int) -> list[Fact]:
    """Return at most `count` facts, the best of each kind first, in turns.

    A question that two facts share has no single answer, so neither is taken. Among equals the content
    decides, so that a few cells of a table come from all over it.
    """
    by_kind: dict[tuple[str, str], list[Fact]] = {}
    for fact in _ranked(_unambiguous(facts)):
        by_kind.setdefault((fact.kind, fact.variety), []).append(fact)
    turns = [(turn, fact) for ranked in by_kind.values() for turn, fact in enumerate(ranked)]
    turns.sort(key=lambda entry: (entry[0], -entry[1].weight, entry[1].position))
    return [fact for _, fact in turns[:count]]


def _ranked(facts: Iterable[Fact]) -> list[Fact]:
    drawn = shuffled(list(facts), key=lambda fact: fact.question)
    return sorted(drawn, key=lambda fact: -fact.weight)


def _unambiguous(facts: Iterable[Fact]) -> Iterable[Fact]:
    """Leave out questions with several answers, and an answer's second, lesser question."""
    by_question: dict[str, list[Fact]] = {}
    for fact in facts:
        by_question.setdefault(fact.question.casefold(), []).append(fact)
    single = [same[0] for same in by_question.values() if len({fact.answer for fact in same}) == 1]
    by_answer: dict[tuple[str, tuple[str, ...]], Fact] = {}
    for fact in _ranked(single):
        by_answer.setdefault((fact.answer, fact.evidence), fact)
    return by_answer.values()
