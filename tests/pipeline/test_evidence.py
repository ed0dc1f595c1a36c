from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.approximate import nearest
from pipeline.evidence import locate, locate_all
from pipeline.folding import folded
from schemas.documents import Passage
from tests.pipeline.written import whole, written

DOCUMENT = written(
    "# Pump P-7",
    "The pump’s inlet filter must be changed every 200 hours – never later – unless the water is soft. "
    "A worn impel-\nler shows as a pressure drop of more than 3.5 bar.",
    "| Model | Flow |\n|-------|------|\n| P-7 | 2012 |\n| P-8 | 12 |",
    "The “quiet” mode halves the flow.",
)
PASSAGES = (whole(DOCUMENT),)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("every 200 hours", "every 200 hours"),
        ('"every 200 hours"', "every 200 hours"),
        ("The pump's inlet filter must", "The pump’s inlet filter must"),
        ("EVERY  200\nHours - never later - unless", "every 200 hours – never later – unless"),
        ("A worn impeller shows", "A worn impel-\nler shows"),
        ('The "quiet" mode', "The “quiet” mode"),
        ("P-8 | 12", "P-8 | 12"),
        ("| Model | Flow |\n| P-7 | 2012 |", "Model | Flow |\n|-------|------|\n| P-7 | 2012"),
        ("The inlet filtre must be changed", None),
        ("inlet filtr must be changed every 200 hours", "inlet filter must be changed every 200 hours"),
        ("pump's inlet filter must be changed every 300 hours", None),
        ("The pump is painted green and stands in hall nine.", None),
        ("ump", None),
        ("01", None),
        ("", None),
        ("“”", None),
    ],
)  # fmt: skip
def test_a_quote_is_found_but_for_typography_and_small_slips(quote: str, stands: str | None) -> None:
    found = locate(quote, PASSAGES)
    assert (found.quote if found else None) == stands


def test_evidence_is_the_documents_own_text_with_its_page() -> None:
    found = locate("the flow", PASSAGES)
    assert found is not None
    assert DOCUMENT.text[found.start : found.end] == found.quote == "the flow"
    assert found.page == 4


def test_the_passage_is_searched_before_its_context() -> None:
    document = written("The flow is low.", "Here the flow is low too.")
    focus = Passage(document, 18, len(document.text), context=whole(document))
    found = locate("the flow is low", (focus,))
    assert found is not None
    assert found.page == 2


def test_evidence_may_stand_anywhere_in_the_context() -> None:
    focus = replace(whole(DOCUMENT), start=DOCUMENT.text.index("The “quiet”"), context=whole(DOCUMENT))
    found = locate("every 200 hours", (focus,))
    assert found is not None
    assert found.page == 2


def test_the_header_of_a_table_cut_in_two_can_be_quoted() -> None:
    start = DOCUMENT.text.index("| P-8")
    assert locate("Model | Flow", (Passage(DOCUMENT, start, start + 12),)) is not None


def test_a_quote_with_an_ellipsis_is_evidence_for_both_its_sides() -> None:
    located = locate_all(["The pump’s inlet filter ... every 200 hours", "made of gold"], PASSAGES)
    assert [span.quote for span in located.evidence] == ["The pump’s inlet filter", "every 200 hours"]
    assert located.unlocated == ("made of gold",)


def test_thai_text_needs_no_spaces_around_a_quote() -> None:
    document = written("ปั๊มต้องหล่อลื่นทุกสองร้อยชั่วโมงเสมอ", language="th")
    assert locate("ทุกสองร้อยชั่วโมง", (whole(document),)) is not None


@given(st.text(max_size=60), st.data())
def test_folding_knows_where_each_stretch_came_from(text: str, data: st.DataObject) -> None:
    whole_fold = folded(text)
    if not whole_fold.text:
        return
    start = data.draw(st.integers(0, len(whole_fold.text) - 1))
    end = data.draw(st.integers(start + 1, len(whole_fold.text)))
    origin_start, origin_end = whole_fold.origin(start, end)
    assert 0 <= origin_start <= origin_end <= len(text)
    assert whole_fold.origin(0, len(whole_fold.text))[1] <= len(text)


@given(
    st.text(alphabet="abc ", min_size=4, max_size=30),
    st.text(alphabet="abc ", max_size=60),
    st.integers(1, 3),
)
@example("abaa b", " ba b", 2)
def test_the_approximate_search_finds_what_a_plain_one_finds(pattern: str, text: str, most: int) -> None:
    match = nearest(pattern, text, most)
    fewest = (
        min(_distance(pattern, text[i:j]) for i in range(len(text) + 1) for j in range(i, len(text) + 1))
        if len(text) < 12
        else None
    )
    if fewest is not None:
        assert (match.edits if match else None) == (fewest if fewest <= most else None)
    if match:
        assert _distance(pattern, text[match.start : match.end]) == match.edits


def _distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]
