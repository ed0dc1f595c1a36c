"""`cot_enhance`: reasoning for chats that there are already."""

from pathlib import Path

import pytest

from schemas.errors import SettingsError
from schemas.samples import Sample
from tests.pipeline.recipes.building import answered, built

CHATS = (
    '{"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]}\n'
    '{"conversations": [{"from": "human", "value": "2+2?"}, {"from": "gpt", "value": "4"}]}\n'
    '{"instruction": "Add.", "input": "2 and 2", "output": "4"}\n'
    '{"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "tool_calls": [{"id": "1", '
    '"function": {"name": "add", "arguments": {"a": 2}}}]}, {"role": "tool", "tool_call_id": "1", "content": '
    '"4"}, {"role": "assistant", "content": "4"}]}\n'
)


def test_existing_chats_get_reasoning_and_keep_their_turns(tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_text(CHATS)
    recipe = built("cot_enhance", path=str(tmp_path / "chats.jsonl"))
    found = list(recipe.requests(()))
    assert len(found) == 4
    [good] = answered(recipe, found[3], {"reasoning": "2 + 2 = 4", "conclusion": "4"})
    [bad] = answered(recipe, found[3], {"reasoning": "2 + 2 = 5", "conclusion": "5"})
    assert isinstance(good, Sample)
    assert isinstance(bad, Sample)
    assert good.messages == bad.messages
    assert [turn.role for turn in good.messages] == ["user", "assistant", "tool", "assistant"]
    assert good.messages[1].tool_calls[0].arguments == '{"a":2}'
    assert (good.reasoning, good.fault) == ("2 + 2 = 4", None)
    assert bad.fault == "reasoning_arrives_elsewhere"


GOOD_CHAT = '{"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]}'


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"messages": [{"role": "user", "content": "hi"}]}', "the assistant says nothing"),
        ('{"messages": [', "unexpected end of data"),
        ("[1, 2]", "not an object"),
        ('{"text": "hi"}', "there is no 'messages'"),
        ('{"messages": [{"role": "wizard", "content": "hi"}]}', "nobody is called 'wizard'"),
        ('{"messages": ["hi"]}', "a turn is not an object"),
        ('{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', "other than text"),
        ('{"conversations": [{"from": "function_call", "value": "add(2, 2)"}]}', "should be JSON"),
        ('{"messages": [{"role": "assistant", "tool_calls": [{"id": "1"}]}]}', "a tool call has no name"),
        ('{"instruction": "a", "output": "b", "history": ["c"]}', "history is not a list of pairs"),
        (GOOD_CHAT[:-1] + ', "tools": "add"}', "should be JSON"),
        (GOOD_CHAT[:-1] + ', "tools": ["add"]}', "tools is not a list of objects"),
    ],
)
def test_a_line_that_is_no_chat_is_named_before_anything_is_asked(
    tmp_path: Path, line: str, problem: str
) -> None:
    (tmp_path / "chats.jsonl").write_text(f"{GOOD_CHAT}\n{line}\n")
    with pytest.raises(SettingsError, match=f"line 2: .*{problem}") as found:
        next(built("cot_enhance", path=str(tmp_path / "chats.jsonl")).requests(()))
    assert "\n" not in str(found.value)


def test_parts_history_and_tools_of_existing_chats_are_kept(tmp_path: Path) -> None:
    lines = (
        '{"messages": [{"role": "user", "content": [{"type": "text", "text": "2+2?"}]}, {"role": "assistant",'
        ' "content": "4"}], "tools": [{"name": "add"}]}',
        '{"instruction": "And 3+3?", "output": "6", "history": [["2+2?", "4"]]}',
    )
    (tmp_path / "chats.jsonl").write_text("\n".join(lines))
    recipe = built("cot_enhance", path=str(tmp_path / "chats.jsonl"))
    given = {"reasoning": "As one counts.", "conclusion": "4"}
    first, second = [answered(recipe, request, given)[0] for request in recipe.requests(())]
    assert isinstance(first, Sample)
    assert isinstance(second, Sample)
    assert (first.question, first.tools) == ("2+2?", ('{"name":"add"}',))
    assert [turn.content for turn in second.messages] == ["2+2?", "4", "And 3+3?", "6"]
