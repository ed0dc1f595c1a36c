from dataclasses import replace

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output.chats import traits_of
from output.provenance import provenance_row
from schemas.contracts import FormatSetup, Traits
from schemas.errors import SettingsError, UnreadableRow
from schemas.manifest import DatasetFile
from schemas.registry import formats
from schemas.requests import Message
from schemas.samples import Origin, Sample
from schemas.settings import OutputSettings
from tests.output.builders import (
    SOURCES,
    conversation,
    exchange,
    pictured,
    preferred,
    reasoned,
    selected,
    tool_user,
)

SAMPLES = {
    "exchange": exchange(),
    "reasoned": reasoned(),
    "conversation": conversation(),
    "preferred": preferred(),
    "tool_user": tool_user(),
    "pictured": pictured(),
    "system": replace(exchange(), messages=(Message("system", "Be brief."), *exchange().messages)),
}
# Formats that are read back whole: `text` and `custom` keep no turns, `openai` no provenance.
WHOLE = [name for name, entry in formats.items() if entry.reader and name not in {"text", "openai"}]
FEW = OutputSettings()


def _row(name: str, sample: Sample, output: OutputSettings = FEW) -> dict[str, object]:
    """Return the sample's row, as it comes back from a Parquet file."""
    built = formats.get(name).build(FormatSetup(output, traits_of(sample, output)))
    written = pa.Table.from_pylist([built.row(sample)], built.arrow_schema()).to_pylist()[0]
    return {**provenance_row(selected(sample), SOURCES), **written}


def _read(name: str, row: dict[str, object]) -> Sample:
    reader = formats.get(name).reader
    assert reader is not None
    assert reader.recognises(row)
    return reader.sample(row)


def _pairs() -> list[tuple[str, str]]:
    return [
        (name, key)
        for name in WHOLE
        for key, sample in SAMPLES.items()
        if formats.get(name).misfit(sample) is None
    ]


def _without_origin(sample: Sample) -> Sample:
    return replace(sample, origin=Origin(sample.origin.request_id, sample.origin.model, ()))


@pytest.mark.parametrize(("name", "key"), _pairs())
def test_what_a_format_holds_comes_back_whole(name: str, key: str) -> None:
    back = _read(name, _row(name, SAMPLES[key]))
    assert _without_origin(back) == _without_origin(SAMPLES[key])


@pytest.mark.parametrize("name", ["preference", "raw"])
def test_a_format_says_what_it_cannot_hold(name: str) -> None:
    fits = {key for key, sample in SAMPLES.items() if formats.get(name).misfit(sample) is None}
    assert fits == ({"preferred"} if name == "preference" else set(SAMPLES))


def test_alpaca_refuses_what_it_would_lose() -> None:
    misfit = formats.get("alpaca").misfit
    assert misfit(conversation()) == "anything but one question and one answer"
    assert misfit(pictured()) == "images"
    assert misfit(tool_user()) == "calls of tools"


TURN_TEXT = st.text(min_size=1, max_size=20)
CHATS = st.lists(st.tuples(TURN_TEXT, TURN_TEXT), min_size=1, max_size=3).map(
    lambda pairs: tuple(
        turn for asked, told in pairs for turn in (Message("user", asked), Message("assistant", told))
    )
)
HOLDERS = ["messages", "prompt_completion", "sharegpt", "alpaca", "unsloth", "raw", "axolotl", "torchtune"]


@pytest.mark.parametrize("first", HOLDERS)
@settings(deadline=None, max_examples=15)
@given(turns=CHATS, reasoning=st.none() | TURN_TEXT)
def test_a_chat_goes_from_each_format_to_each_other_and_back(
    first: str, turns: tuple[Message, ...], reasoning: str | None
) -> None:
    sample = replace(exchange(), messages=turns, reasoning=reasoning)
    for second in HOLDERS:
        if all(formats.get(name).misfit(sample) is None for name in (first, second)):
            over = _read(first, _row(first, sample))
            assert _without_origin(_read(second, _row(second, over))) == _without_origin(sample)


@pytest.mark.parametrize("name", ["messages", "prompt_completion", "sharegpt", "alpaca"])
def test_reasoning_in_think_tags_is_found_again(name: str) -> None:
    row = _row(name, reasoned(), OutputSettings(reasoning="think"))
    back = _read(name, row)
    assert (back.reasoning, back.answer) == ("Two and three make 5.", "5")


def test_a_preference_can_repeat_its_prompt() -> None:
    row = _row("preference", preferred(), OutputSettings(implicit_prompt=True))
    assert "prompt" not in row
    assert _without_origin(_read("preference", row)) == _without_origin(preferred())


def test_reasoning_never_goes_into_the_chosen_answer_alone() -> None:
    sample = replace(preferred(), reasoning="It floats.")
    row = _row("preference", sample, OutputSettings(reasoning="think"))
    assert row["chosen"] == [{"role": "assistant", "content": "A boat that carries people."}]
    assert row["reasoning"] == "It floats."


def test_openai_rows_bear_only_keys_that_the_endpoint_knows() -> None:
    entry = formats.get("openai")
    built = entry.build(FormatSetup(FEW, Traits(tools=True)))
    assert built.row(exchange()) == {
        "messages": [
            {"role": "user", "content": "What is a ferry?"},
            {"role": "assistant", "content": "A boat that carries people."},
        ]
    }
    called = built.row(tool_user())
    assert orjson.loads(orjson.dumps(called))["tools"][0]["function"]["name"] == "timetable"
    assert entry.reader is not None
    assert entry.reader.sample(called).messages == tool_user().messages


def test_openai_refuses_empty_turns_and_a_reasoning_column() -> None:
    entry = formats.get("openai")
    assert entry.misfit(exchange(answer=" ")) == "an empty turn"
    with pytest.raises(SettingsError, match="answer, think or drop"):
        entry.build(FormatSetup(FEW, Traits(reasoning=True)))


FILES = [
    DatasetFile(path="train-00000-of-00001.parquet", split="train", rows=1, bytes=1, sha256="0"),
    DatasetFile(path="test-00000-of-00001.parquet", split="test", rows=1, bytes=1, sha256="0"),
]


@pytest.mark.parametrize(
    ("name", "file", "line"),
    [
        ("llama_factory", "dataset_info.json", '"file_name": "train-00000-of-00001.parquet"'),
        ("axolotl", "axolotl.yaml", "type: chat_template"),
        ("torchtune", "torchtune.yaml", "conversation_style: openai"),
    ],
)
def test_trainers_get_the_file_that_they_look_for(name: str, file: str, line: str) -> None:
    beside = formats.get(name).beside
    assert beside is not None
    assert line in beside(FILES, Traits())[file]


def test_text_is_rendered_with_a_chat_template() -> None:
    template = OutputSettings(chat_template="tests/output/chatml.jinja")
    assert _row("text", exchange(), template)["text"] == (
        "<|im_start|>user\nWhat is a ferry?<|im_end|>\n"
        "<|im_start|>assistant\nA boat that carries people.<|im_end|>\n"
    )
    row = _row("prompt_completion", exchange(), template)
    assert row["prompt"] == "<|im_start|>user\nWhat is a ferry?<|im_end|>\n<|im_start|>assistant\n"
    assert row["completion"] == "A boat that carries people.<|im_end|>\n"


def test_text_without_a_template_is_the_turns_themselves() -> None:
    assert _row("text", exchange())["text"] == "What is a ferry?\n\nA boat that carries people."


def test_custom_columns_come_from_templates() -> None:
    custom = {"q": "{{ question }}", "a": "{{ answer | upper }} [{{ evidence[0] }}]"}
    built = formats.get("custom").build(FormatSetup(OutputSettings(custom=custom)))
    assert built.row(exchange("Why?", "So.")) == {
        "q": "Why?",
        "a": "SO. [A ferry is a boat that carries people.]",
    }


@pytest.mark.parametrize(
    ("custom", "problem"),
    [
        ({}, "needs columns"),
        ({"q": "{{ question "}, "template"),
        ({"q": "{{ question.__class__.__mro__ }}"}, "unsafe"),
    ],
)
def test_a_custom_template_that_cannot_work_is_a_settings_error(custom: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        formats.get("custom").build(FormatSetup(OutputSettings(custom=custom))).row(exchange())


def test_a_missing_chat_template_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="no chat template can be read from 'nowhere'"):
        formats.get("text").build(FormatSetup(OutputSettings(chat_template="nowhere")))


@pytest.mark.parametrize(
    ("name", "row", "problem"),
    [
        ("messages", {"messages": [{"role": "robot", "content": "x"}]}, "turn 1 has the role 'robot'"),
        ("messages", {"messages": []}, "there are no turns"),
        ("sharegpt", {"conversations": [1]}, "not a list of turns"),
        ("alpaca", {"instruction": 3, "output": "x"}, "'instruction' is not text"),
        ("preference", {"chosen": [], "rejected": []}, "part is empty"),
    ],
)
def test_a_row_that_is_no_sample_says_why(name: str, row: dict[str, object], problem: str) -> None:
    with pytest.raises(UnreadableRow, match=problem):
        _read(name, row)
