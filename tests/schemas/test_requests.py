from dataclasses import replace

import pytest

from schemas.answers import QuestionAnswers, ReasonedAnswers
from schemas.requests import Image, Message, Request, Sampling, Usage

REQUEST = Request("qa", (Message("user", "What?"),), Sampling("m"), QuestionAnswers)


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, messages=(Message("user", "Why?"),)),
        replace(REQUEST, messages=(Message("system", "What?"),)),
        replace(REQUEST, messages=(Message("user", "What?", images=(Image("image/png", b"1"),)),)),
        replace(REQUEST, sampling=Sampling("n")),
        replace(REQUEST, sampling=Sampling("m", temperature=0.5)),
        replace(REQUEST, answer_schema=ReasonedAnswers),
        replace(REQUEST, answer_schema=None),
    ],
)
def test_whatever_decides_the_reply_changes_the_id(other: Request) -> None:
    assert other.id != REQUEST.id


def test_where_a_request_comes_from_does_not_change_its_id() -> None:
    assert replace(REQUEST, recipe="cot", prefix_group="d", count=4).id == REQUEST.id


def test_pictures_with_different_bytes_make_different_requests() -> None:
    one, two = (
        replace(REQUEST, messages=(Message("user", "What?", images=(Image("image/png", content),)),))
        for content in (b"1", b"2")
    )
    assert one.id != two.id


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3, 0.5, 1) + Usage(10, 20, 30, 0.25, 2) == Usage(11, 22, 33, 0.75, 3)
