"""Duplicates by meaning: vectors propose, facts decide."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.select import Decision, Meanings, gathered, select
from pipeline.select.meaning import leaders_by_meaning
from pipeline.select.tokens import Vocabulary
from schemas.ledger import End
from schemas.samples import Judged, Verdict
from schemas.settings import load_settings
from tests.endpoint.embeddings import vectors_of
from tests.pipeline.curated import passage_of, sample_of

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_SAME_ABOVE = 0.85


def _vectors(texts: Sequence[str]) -> "NDArray[float32]":
    matrix = np.array([item["embedding"] for item in vectors_of(texts)], dtype=np.float32)
    lengths: NDArray[float32] = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / lengths


def _leaders(*texts: str) -> list[int]:
    vocabulary = Vocabulary()
    rows = [vocabulary.add(text) for text in texts]
    return leaders_by_meaning(rows, range(len(rows)), _vectors(texts), vocabulary, _SAME_ABOVE)


def test_what_is_said_in_other_words_follows_the_first_that_said_it() -> None:
    assert _leaders(
        "When does the vessel begin to load its cargo?",
        "Who pays the harbour fee of the quay?",
        "When does the ship start to load its cargo?",
    ) == [0, 1, 0]


def test_rows_that_differ_in_a_fact_stay_however_near_their_vectors_are() -> None:
    row = "When does the vessel start to load in Lyon?\nIt starts to load 30 days after the order of March."
    for changed in (
        row.replace("30", "31"),
        row.replace("March", "April"),
        row.replace("Lyon", "Cork"),
        row.replace("starts to load", "never starts to load"),
        row.replace("after", "before"),
    ):
        assert _leaders(row, changed) == [0, 1]
    assert _leaders(row, row.replace("start", "begin").replace("vessel", "ship")) == [0, 0]


def test_rows_without_a_vector_are_compared_with_nothing() -> None:
    vocabulary = Vocabulary()
    rows = [vocabulary.add("The gate opens at dawn.") for _ in range(3)]
    vectors = _vectors(["The gate opens at dawn."])
    assert leaders_by_meaning(rows, [0, None, None], vectors, vocabulary, _SAME_ABOVE) == [0, 1, 2]
    assert leaders_by_meaning([], [], gathered([]).vectors, vocabulary, _SAME_ABOVE) == []


def test_of_many_rows_nearly_all_copies_are_found_and_none_is_made_up() -> None:
    draw = np.random.default_rng(7)
    facts, copies, width = 9_000, 3_000, 64
    distinct = draw.standard_normal((facts, width))
    again = distinct[:copies] + 0.1 * draw.standard_normal((copies, width))
    matrix = np.concatenate((distinct, again)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    vocabulary = Vocabulary()
    row = vocabulary.add("all of them say this")
    leaders = leaders_by_meaning([row] * len(matrix), range(len(matrix)), matrix, vocabulary, 0.95)
    led = {at: leader for at, leader in enumerate(leaders) if at != leader}
    assert all(at - facts == leader for at, leader in led.items())
    assert len(led) >= 0.97 * copies


def _judged(question: str, answer: str, score: float) -> Judged:
    sample = sample_of(question, answer, passage_of(f"{answer}.", title=question), (answer,))
    return Judged(sample, (Verdict("judge", keep=True, score=score),))


def _decide(items: Sequence[Judged], **settings: object) -> dict[str, Decision]:
    vectors = _vectors([f"{item.sample.question}\n{item.sample.answer}" for item in items])
    meanings = Meanings({item.sample.id: place for place, item in enumerate(items)}, vectors)
    chosen = load_settings({"embeddings": {"same_above": _SAME_ABOVE}}, settings)
    return select(lambda: items, chosen, None, meanings)


def test_the_best_of_those_that_mean_the_same_stays_and_names_their_cluster() -> None:
    items = [
        _judged("When does the vessel load its cargo?", "the vessel starts to load its cargo at dawn", 0.7),
        _judged("When does the ship load its cargo?", "the ship begins to load its cargo at dawn", 0.9),
    ]
    settings = {"select": {"near_duplicates": True}}
    decisions = _decide(items, **settings)
    worse, better = (decisions[item.sample.id] for item in items)
    assert (better.end, worse.end, worse.reason) == (End.KEPT, End.DROPPED, "same_meaning")
    assert worse.cluster == items[1].sample.id
    kept = _decide(items, select={"near_duplicates": False})
    assert all(decision.end is End.KEPT for decision in kept.values())


def test_a_choice_of_few_is_spread_over_meanings() -> None:
    items = [
        _judged("When does the vessel load?", "cargo waits until the vessel opens its hatch at dawn", 0.9),
        _judged(
            "When does the ship load?", "cargo waits until the ship opens its hatch at the dawn tide", 0.89
        ),
        _judged("Who pays taxes?", "every trader with a shop in town", 0.8),
    ]
    decisions = _decide(items, target=2, select={"near_duplicates": False})
    assert [decisions[item.sample.id].end for item in items] == [End.KEPT, End.DROPPED, End.KEPT]
