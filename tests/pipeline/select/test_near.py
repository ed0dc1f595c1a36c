import pytest

from pipeline.select.near import leaders
from pipeline.select.tokens import Vocabulary
from tests.pipeline.select.labelled_duplicates import LabelledRow, labelled_rows
from tests.pipeline.select.labelled_swaps import swapped_rows


def merged(rows: list[LabelledRow]) -> list[tuple[LabelledRow, LabelledRow]]:
    vocabulary = Vocabulary()
    tokens = [vocabulary.add(row.text) for row in rows]
    found = enumerate(leaders(tokens, vocabulary))
    return [(rows[at], rows[leader]) for at, leader in found if at != leader]


@pytest.mark.parametrize("count", [1_000, 6_000, 30_000])
def test_planted_copies_are_found_and_near_misses_stay(count: int) -> None:
    rows = labelled_rows(count, seed=11)
    pairs = merged(rows)
    right = sum(one.fact == other.fact for one, other in pairs)
    planted = len(rows) - len({row.fact for row in rows})
    assert right / len(pairs) >= 0.995
    assert right / planted >= 0.97
    assert (len(pairs) - right) / len({row.fact for row in rows}) <= 0.001


def pairs_of(one: str, other: str) -> int:
    background = labelled_rows(300, seed=2, copies_share=0)
    return sum(
        {left.fact, right.fact} == {-1, -2}
        for left, right in merged([*background, LabelledRow(one, -1), LabelledRow(other, -2)])
    )


def test_rows_that_differ_in_what_makes_the_fact_stay() -> None:
    row = "Who signs for the Lyon plant?\nAnna Kurz signs for the Lyon plant since March 2021."
    for changed in (
        row.replace("2021", "2022"),
        row.replace("Anna", "Hanna"),
        row.replace("March", "April"),
        row.replace("signs for the Lyon plant since", "does not sign for the Lyon plant since"),
        row.replace("Lyon", "Cork"),
    ):
        assert pairs_of(row, changed) == 0
    assert pairs_of("The valve must be open.\nYes, it must.", "The valve may be open.\nYes, it may.") == 0
    assert pairs_of("Runs for 24 months.\nKato", "Runs for 24 days.\nKato") == 0


def test_rows_that_differ_in_wording_are_one() -> None:
    row = "Who signs for the Lyon plant?\nAnna Kurz signs for the Lyon plant since March 2021."
    for changed in (
        row.upper(),
        row.replace("Who signs for the Lyon plant?", "For the Lyon plant, who signs?"),
        row.replace("plant?", "plnat?"),
        row.replace("since", "- since"),
    ):
        assert pairs_of(row, changed) == 1


def test_rows_in_which_two_names_swap_their_parts_stay() -> None:
    for row, swapped in (
        ("Who supplies Benno?\nAnna supplies Benno.", "Who supplies Anna?\nBenno supplies Anna."),
        (
            "Which company owns Kato Works?\nThe Miro Group owns Kato Works.",
            "Which company owns the Miro Group?\nKato Works owns the Miro Group.",
        ),
        ("What feeds what?\nThe tank feeds the pump.", "What feeds what?\nThe pump feeds the tank."),
        ("What is the ratio?\nIt fell from 30 to 45.", "What is the ratio?\nIt fell from 45 to 30."),
    ):
        assert pairs_of(row, swapped) == 0


def test_names_that_are_listed_in_another_order_are_one() -> None:
    row = "Who signs?\nAnna Kurz and Ben Holm sign for the Lyon plant."
    assert pairs_of(row, "Who signs?\nBen Holm and Anna Kurz sign for the Lyon plant.") == 1


def test_facts_and_their_reverses_stay_while_copies_go() -> None:
    rows = swapped_rows(1_500, seed=4)
    pairs = merged(rows)
    facts = {row.fact for row in rows}
    assert sum(one.fact != other.fact for one, other in pairs) / len(facts) <= 0.001
    assert sum(one.fact == other.fact for one, other in pairs) / (len(rows) - len(facts)) >= 0.97


def test_a_passive_turns_the_parts_round_and_a_moved_clause_does_not() -> None:
    row = "Who sued whom?\nIn Lyon, Anna Kurz sued Benno Holm."
    assert pairs_of(row, "Who sued whom?\nAnna Kurz was sued by Benno Holm in Lyon.") == 0
    assert pairs_of(row, "Who sued whom?\nBenno Holm was sued by Anna Kurz in Lyon.") == 1
    assert pairs_of(row, "Who sued whom?\nAnna Kurz sued Benno Holm in Lyon.") == 1


def test_words_are_not_cut_at_their_vowel_signs() -> None:
    vocabulary = Vocabulary()
    vocabulary.add("पंप हर मिनट 340 लीटर पानी ले जाता है। और नहीं।")
    words = {vocabulary.spelling(number) for number in range(len(vocabulary.texts_with))}
    assert {"पंप", "मिनट", "लीटर", "पानी", "है", "नहीं", "340"} <= words
    assert vocabulary.numbers_of(["नहीं"])
