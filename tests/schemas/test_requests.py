import hashlib
from dataclasses import asdict, replace

import orjson
import pytest

from schemas.answers import QuestionAnswers, ReasonedAnswers
from schemas.requests import Image, Message, Request, Sampling, Usage, schema_json

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


def test_a_long_shared_start_changes_nothing_about_ids() -> None:
    # The id is the hash of the canonical JSON, however it is come by: replies of earlier runs stay found.
    shared = Message("user", 'Ünï"code ' * 20_000, images=(Image("image/png", b"1"),))
    request = replace(REQUEST, messages=(Message("system", "Read."), shared, Message("user", "What?")))
    image = {"media_type": "image/png", "content": hashlib.sha256(b"1").hexdigest()}
    none: dict[str, object] = {"images": [], "tool_calls": [], "tool_call_id": None}
    chat: list[dict[str, object]] = [
        {"role": "system", "content": "Read.", **none},
        {"role": "user", "content": shared.content, **none, "images": [image]},
        {"role": "user", "content": "What?", **none},
    ]
    payload = {
        "messages": chat,
        "sampling": asdict(request.sampling),
        "schema": schema_json(QuestionAnswers).decode(),
    }
    assert request.id == hashlib.sha256(orjson.dumps(payload)).hexdigest()[:32]
