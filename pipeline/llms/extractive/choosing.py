"""The best facts, of as many kinds as there are."""

from collections.abc import Iterable

from pipeline.llms.extractive.facts.fact import Fact


def best_facts(facts: Iterable[Fact], count: int) -> list[Fact]:
    """Return at most `count` facts, the best of each kind first, in turns.

    A question that two facts share has no single answer, so neither is taken.
    """
    by_kind: dict[tuple[str, str], list[Fact]] = {}
    for fact in sorted(_unambiguous(facts), key=lambda fact: (-fact.weight, fact.position, fact.question)):
        by_kind.setdefault((fact.kind, fact.variety), []).append(fact)
    rounds = [
        (turn, -fact.weight, fact.position, fact)
        for ranked in by_kind.values()
        for turn, fact in enumerate(ranked)
    ]
    return [fact for *_, fact in sorted(rounds, key=lambda entry: entry[:3])[:count]]


def _unambiguous(facts: Iterable[Fact]) -> list[Fact]:
    """Leave out questions with several answers, and an answer's second, lesser question."""
    by_question: dict[str, list[Fact]] = {}
    for fact in facts:
        by_question.setdefault(fact.question.casefold(), []).append(fact)
    single = [same[0] for same in by_question.values() if len({fact.answer for fact in same}) == 1]
    by_answer: dict[tuple[str, tuple[str, ...]], Fact] = {}
    for fact in sorted(single, key=lambda fact: (-fact.weight, fact.position, fact.question)):
        by_answer.setdefault((fact.answer, fact.evidence), fact)
    return list(by_answer.values())
