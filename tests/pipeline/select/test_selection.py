from collections import defaultdict
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.select import Decision, select
from schemas.ledger import End
from schemas.samples import Judged, Split, Verdict
from schemas.settings import Settings, load_settings
from tests.pipeline.curated import passage_of, sample_of

SETTINGS = load_settings({"split": {"train": 0.6, "validation": 0.2, "test": 0.2}})


def judged(question: str, answer: str, document: str = "one", score: float = 1.0) -> Judged:
    passage = passage_of(f"{document}: {answer}.", title=document)
    return Judged(
        sample_of(question, answer, passage, (answer,)), (Verdict("judge", keep=True, score=score),)
    )


def decide(*items: Judged, settings: Settings = SETTINGS) -> dict[str, Decision]:
    return select(lambda: items, settings)


def test_of_equal_texts_the_best_scored_stays() -> None:
    worse = judged("What is the limit?", "Six bar", "one", 0.7)
    better = judged("What is the limit", "six bar.", "two", 0.9)
    decisions = decide(worse, better)
    assert decisions[better.sample.id].end is End.KEPT
    assert decisions[worse.sample.id].reason == "exact_duplicate"
    assert decisions[worse.sample.id].cluster == better.sample.id


def test_a_drop_of_a_filter_keeps_its_reason() -> None:
    dropped = Judged(judged("What?", "No").sample, (Verdict("length", keep=False, reason="too_short"),))
    failed = Judged(judged("Why?", "So").sample, (Verdict("judge", keep=False, reason="judge_failed"),))
    decisions = decide(dropped, failed)
    assert decisions[dropped.sample.id].end is End.DROPPED
    assert decisions[dropped.sample.id].reason == "too_short"
    assert decisions[failed.sample.id].end is End.FAILED


def test_scores_below_the_minimum_are_dropped() -> None:
    low, high = judged("What is low?", "1", score=0.3), judged("What is high?", "2", score=0.8)
    decisions = decide(low, high, settings=load_settings({"select": {"min_score": 0.5}}))
    assert decisions[low.sample.id].reason == "score_below_minimum"
    assert decisions[high.sample.id].end is End.KEPT


def test_every_wanted_split_gets_rows_from_three_documents_on() -> None:
    items = [judged(f"What is item {n}?", f"Value {n}", f"document {n}") for n in range(3)]
    assert {decision.split for decision in decide(*items).values()} == set(Split)


def test_one_document_goes_to_train() -> None:
    decision = decide(judged("What is one?", "A")).popitem()[1]
    assert decision.split is Split.TRAIN


def test_a_document_keeps_its_earlier_split() -> None:
    items = [judged(f"What is item {n}?", f"Value {n}", f"document {n}") for n in range(12)]
    first = decide(*items[:6])
    earlier: dict[str, Split] = {}
    for item in items[:6]:
        split = first[item.sample.id].split
        assert split is not None
        earlier[item.sample.evidence[0].document_id] = split
    later = select(lambda: items, SETTINGS, earlier)
    assert all(later[item.sample.id].split == first[item.sample.id].split for item in items[:6])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12), st.floats(0, 1)), max_size=30))
def test_decisions_ignore_the_order_and_never_part_a_document(
    facts: list[tuple[int, int, float]],
) -> None:
    items = [judged(f"What is item {n}?", f"Value {n}", f"document {d}", s) for d, n, s in facts]
    shuffled = sorted(items, key=lambda item: item.sample.id)
    decisions = decide(*items)
    assert decisions == decide(*shuffled)
    assert set(decisions) == {item.sample.id for item in items}
    splits = defaultdict(set)
    for item in items:
        if split := decisions[item.sample.id].split:
            splits[item.sample.evidence[0].document_id].add(split)
    assert all(len(found) == 1 for found in splits.values())


def test_the_same_fact_in_other_words_is_a_near_duplicate() -> None:
    first = judged("What is the capacity of the Kato pump?", "The Kato pump holds 340 litres.", score=0.9)
    again = judged(
        "How much does the Kato pump hold?", "The capacity of the Kato pump is 340 litres.", score=0.8
    )
    other = judged("What is the capacity of the Miro pump?", "The Miro pump holds 340 litres.")
    decisions = decide(first, again, other)
    assert decisions[again.sample.id].reason == "near_duplicate"
    assert decisions[again.sample.id].cluster == first.sample.id
    assert decisions[other.sample.id].end is End.KEPT


def test_near_duplicates_stay_where_settings_say_so() -> None:
    first = judged("What is the capacity of the Kato pump?", "The Kato pump holds 340 litres.")
    again = judged("How much does the Kato pump hold?", "The capacity of the Kato pump is 340 litres.")
    decisions = decide(first, again, settings=load_settings({"select": {"near_duplicates": False}}))
    assert all(decision.end is End.KEPT for decision in decisions.values())


def test_a_target_is_met_exactly_and_spread_over_subjects() -> None:
    pumps = [judged(f"How many litres does pump P{n} hold?", f"{n} litres", score=0.95) for n in range(20)]
    warranty = judged("Who grants the warranty extension?", "The regional service office", score=0.9)
    decisions = decide(*pumps, warranty, settings=load_settings({"target": 5}))
    assert sum(decision.end is End.KEPT for decision in decisions.values()) == 5
    assert decisions[warranty.sample.id].end is End.KEPT
    assert "beyond_target" in {decision.reason for decision in decisions.values()}


def test_a_top_share_without_diversity_takes_the_best() -> None:
    items = [judged(f"What is value {n}?", f"{n} units", score=n / 10) for n in range(10)]
    settings = load_settings({"select": {"top_share": 0.3, "diversity": False}})
    kept = {d.sample_id for d in decide(*items, settings=settings).values() if d.end is End.KEPT}
    assert kept == {item.sample.id for item in items[-3:]}


def test_a_balanced_choice_takes_from_each_kind() -> None:
    many = [judged(f"What is value {n}?", f"{n} units", score=0.9) for n in range(10)]
    rare = judged("What is the size of it all?", "Large", score=0.5)
    rare = Judged(replace(rare.sample, kind="definition"), rare.verdicts)
    settings = load_settings({"target": 4, "select": {"balance": ["kind"]}})
    assert decide(*many, rare, settings=settings)[rare.sample.id].end is End.KEPT


def test_a_sample_that_would_tie_two_splits_is_dropped() -> None:
    one, two = judged("What is one?", "First", "one"), judged("What is two?", "Second", "two")
    both = Judged(replace(one.sample, evidence=(*one.sample.evidence, *two.sample.evidence), kind="hop"))
    ids = [item.sample.evidence[0].document_id for item in (one, two)]
    decisions = select(lambda: [both], SETTINGS, {ids[0]: Split.TRAIN, ids[1]: Split.TEST})
    assert decisions[both.sample.id].reason == "crosses_splits"
