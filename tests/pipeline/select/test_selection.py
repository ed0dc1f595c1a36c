from collections import defaultdict

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
