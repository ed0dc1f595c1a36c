"""Messy replies: what can be read is read and marked, what is missing is never made up."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from pipeline.llms.gateway import open_gateway
from pipeline.llms.reading.answer import read_answer
from pipeline.llms.reading.thinking import split_thinking
from schemas.answers import QuestionAnswers
from schemas.errors import SettingsError
from schemas.requests import Failure, Reply
from schemas.settings import load_settings
from tests.pipeline.llms.asking import question

_ITEM = {
    "question": "Who opens the lock?",
    "answer": "The harbour master.",
    "evidence": ["at six"],
    "kind": "",
}
_WHOLE = json.dumps({"items": [_ITEM, _ITEM]})
_TWO = [_ITEM, _ITEM]


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{_WHOLE}\n```",
        f"Sure! Here you are:\n{_WHOLE}\nAnything else?",
        f"```\n{_WHOLE}",
        json.dumps(_TWO),
        "\n".join(json.dumps(item) for item in _TWO),
        repr({"items": _TWO}),
        _WHOLE.replace("}]", "},]"),
        _WHOLE.replace("]}", "]} // done").replace('"kind": ""', '"kind": "", /* none */'),
        _WHOLE.replace('"', "\u201c", 0).replace('"items"', "\u201citems\u201d"),
        json.dumps({"result": {"items": _TWO}}),
        json.dumps({"questions": _TWO}),
        f"[1] and {{x}} first. {_WHOLE}",
        _WHOLE.replace("at six", "at\nsix"),
    ],
)
def test_a_slip_is_mended_and_marked(text: str) -> None:
    reading = read_answer(text, QuestionAnswers)
    assert isinstance(reading.answer, QuestionAnswers)
    assert reading.repaired
    assert not reading.partial
    assert [item.answer for item in reading.answer.items] == ["The harbour master."] * 2


def test_a_clean_answer_is_not_marked() -> None:
    assert not read_answer(_WHOLE, QuestionAnswers).repaired


@pytest.mark.parametrize("end", range(len(json.dumps(_ITEM)) + 40, len(_WHOLE) - 3, 7))
def test_a_cut_off_item_is_never_completed(end: int) -> None:
    reading = read_answer(_WHOLE[:end], QuestionAnswers)
    assert isinstance(reading.answer, QuestionAnswers)
    assert reading.partial
    assert len(reading.answer.items) == 1


def test_items_that_lack_their_evidence_are_left_out() -> None:
    text = json.dumps({"items": [_ITEM, {"question": "Why?", "answer": "Because."}]})
    reading = read_answer(text, QuestionAnswers)
    assert isinstance(reading.answer, QuestionAnswers)
    assert reading.partial
    assert "evidence" in reading.problem


@pytest.mark.parametrize("text", ["", "I cannot help.", "{", "[]]", '{"unexpected": 1}'])
def test_what_cannot_be_read_is_no_answer(text: str) -> None:
    assert read_answer(text, QuestionAnswers).answer is None


def test_escaped_characters_that_cannot_be_stored_are_cleaned() -> None:
    text = _WHOLE.replace("at six", "at\\u0000 six \\ud800")
    reading = read_answer(text, QuestionAnswers)
    assert isinstance(reading.answer, QuestionAnswers)
    assert reading.answer.items[0].evidence == ["at six \ufffd"]


@pytest.mark.parametrize(
    ("content", "text", "thinking"),
    [
        ("<think>hm</think>{}", "{}", "hm"),
        ("hm</think>\n{}", "{}", "hm"),
        ("<thinking>a</thinking><think>b</think> yes", "yes", "a\nb"),
        ("<think>never ends", "", "never ends"),
        ('{"answer": "use <think>x</think> tags"}', '{"answer": "use <think>x</think> tags"}', ""),
    ],
)
def test_thinking_is_split_off(content: str, text: str, thinking: str) -> None:
    said = split_thinking(content)
    assert (said.text, said.thinking) == (text, thinking)


def test_a_script_answers_by_words_and_then_in_order(tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    aimed = json.dumps({"contains": "draft 7", "reply": {"items": [_ITEM]}})
    script.write_text(f"{aimed}\n{json.dumps({'items': _TWO})}\n", encoding="utf-8")
    settings = load_settings({"model": f"scripted/{script}"})

    async def work() -> list[int]:
        async with open_gateway(settings, tmp_path / "replies") as gateway:
            completions = [await gateway.complete(question(number)) for number in (1, 7)]
        return [len(c.answer.items) for c in completions if isinstance(c, Reply)]  # type: ignore[union-attr]

    assert asyncio.run(work()) == [2, 1]


def test_a_script_without_a_fitting_line_says_so(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps([{"id": "0" * 32, "reply": "x"}]), encoding="utf-8")

    async def work() -> object:
        async with open_gateway(load_settings({"model": f"scripted/{script}"}), tmp_path) as gateway:
            return await gateway.complete(question(1))

    failure = asyncio.run(work())
    assert isinstance(failure, Failure)
    assert "no reply" in failure.detail


def test_a_missing_script_is_a_wrong_setting(tmp_path: Path) -> None:
    async def work() -> None:
        async with open_gateway(load_settings({"model": "scripted/nowhere.json"}), tmp_path):
            pass

    with pytest.raises(SettingsError, match="nowhere"):
        asyncio.run(work())


@pytest.mark.parametrize("unit", ["</think>x", "<think>", "{", '{"a": [', "<|channel|>"])
def test_a_reply_that_repeats_one_thing_for_ever_is_read_soon_and_breaks_nothing(unit: str) -> None:
    said = split_thinking(unit * (200_000 // len(unit)))
    began = time.process_time()
    assert read_answer(said.text, QuestionAnswers).answer is None
    assert time.process_time() - began < 5


def test_a_reply_longer_than_any_answer_is_not_read() -> None:
    assert "4,000,001 characters" in read_answer("x" * 4_000_001, QuestionAnswers).problem
