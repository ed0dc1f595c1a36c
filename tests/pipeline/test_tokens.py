import pytest

from pipeline.tokens import TokenEstimate, characters_by_script
from schemas.requests import Message
from tests.pipeline.multilingual import TOKENS

ENGLISH = "The pump must be greased every 200 hours, and its filter changed once a year. " * 20
THAI = "ปั๊มต้องได้รับการหล่อลื่นทุก 200 ชั่วโมง และต้องเปลี่ยนไส้กรองปีละครั้ง " * 20


def test_the_estimate_is_near_llamas_own_count_in_twenty_kinds_of_text() -> None:
    estimate = TokenEstimate()
    errors = [abs(estimate.count(text) / tokens - 1) for text, tokens in TOKENS.items()]
    assert sum(errors) / len(errors) < 0.08
    assert max(errors) < 0.25


def test_characters_are_counted_by_script() -> None:
    assert characters_by_script("ab 1é ไท!") == {
        "latin": 2, "space": 2, "digit": 1, "accented": 1, "thai": 2, "mark": 1,
    }  # fmt: skip


def test_an_exact_tokenizer_decides_where_there_is_one() -> None:
    assert TokenEstimate(exact=len).count("four") == 4


def test_the_estimate_learns_from_what_endpoints_report() -> None:
    estimate = TokenEstimate()
    actual = round(estimate.count(ENGLISH) * 1.4)
    before = abs(estimate.count(ENGLISH) - actual)
    for _ in range(100):
        estimate.observe(characters_by_script(ENGLISH), actual)
    assert abs(estimate.count(ENGLISH) - actual) < before / 10


def test_what_is_learned_of_one_script_does_not_move_another() -> None:
    estimate = TokenEstimate()
    thai = "ไทย" * 200
    before = estimate.count(thai)
    for _ in range(100):
        estimate.observe({"latin": 1000}, 500)
    assert estimate.count(thai) == before


def test_one_odd_report_barely_moves_the_estimate() -> None:
    estimate = TokenEstimate()
    before = estimate.count(ENGLISH)
    estimate.observe(characters_by_script("a short one"), 400)
    assert estimate.count(ENGLISH) == pytest.approx(before, rel=0.25)


def test_a_report_of_nothing_teaches_nothing() -> None:
    estimate = TokenEstimate()
    before = estimate.count(THAI)
    estimate.observe(characters_by_script(THAI), 0)
    estimate.observe({}, 100)
    assert estimate.count(THAI) == before


def test_a_chat_costs_its_turns_and_its_template() -> None:
    estimate = TokenEstimate()
    turns = (Message("system", ENGLISH), Message("user", THAI))
    assert estimate.count_messages(turns) > estimate.count(ENGLISH) + estimate.count(THAI)
    estimate.observe_messages(turns, estimate.count_messages(turns) * 2)
    assert estimate.count(THAI) > TokenEstimate().count(THAI)
