"""Chats from rows of the usual forms: messages, ShareGPT and Alpaca, tool calls too."""

from collections.abc import Mapping, Sequence

import orjson

from schemas.requests import Message, Role, ToolCall

_ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "model": "assistant",
    "function_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
}


class NotAChat(ValueError):
    """A row that no chat can be read from, and why."""


def chat_of(row: object) -> tuple[Message, ...]:
    """Return the turns of a row, whose keys say which form it has.

    Raises:
        NotAChat: it is no chat of a known form, or holds no answer of an assistant.
    """
    if not isinstance(row, Mapping):
        raise NotAChat("not an object")
    if isinstance(row.get("instruction"), str):
        chat = _alpaca(row)
    else:
        turns = row.get("messages") or row.get("conversations")
        if not isinstance(turns, Sequence) or isinstance(turns, str) or not turns:
            raise NotAChat("there is no 'messages', 'conversations' or 'instruction'")
        system = (Message("system", row["system"]),) if isinstance(row.get("system"), str) else ()
        chat = (*system, *map(_turn, turns))
    if not any(turn.role == "assistant" and turn.content for turn in chat):
        raise NotAChat("the assistant says nothing in it")
    return chat


def _alpaca(row: Mapping[str, object]) -> tuple[Message, ...]:
    system = (Message("system", str(row["system"])),) if row.get("system") else ()
    prompt = "\n\n".join(str(row[key]) for key in ("instruction", "input") if row.get(key))
    return (*system, Message("user", prompt), Message("assistant", str(row.get("output") or "")))


def _turn(turn: object) -> Message:
    if not isinstance(turn, Mapping):
        raise NotAChat("a turn is not an object")
    said = str(turn.get("role", turn.get("from")))
    content = turn.get("content", turn.get("value"))
    if said not in _ROLES:
        raise NotAChat(f"nobody is called '{said}' in a chat")
    if said == "function_call":  # ShareGPT holds the call as the turn's text
        return Message("assistant", "", tool_calls=(_call(_parsed(content)),))
    calls = turn.get("tool_calls") or ()
    if not isinstance(calls, Sequence) or isinstance(calls, str):
        raise NotAChat("tool_calls is not a list")
    answered = turn.get("tool_call_id")
    return Message(
        _ROLES[said],
        content if isinstance(content, str) else "",
        tool_calls=tuple(map(_call, calls)),
        tool_call_id=answered if isinstance(answered, str) else None,
    )


def _call(call: object) -> ToolCall:
    function = call.get("function", call) if isinstance(call, Mapping) else None
    if not isinstance(call, Mapping) or not isinstance(function, Mapping) or "name" not in function:
        raise NotAChat("a tool call has no name")
    arguments = function.get("arguments", {})
    text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
    return ToolCall(str(call.get("id", "")), str(function["name"]), text)


def _parsed(content: object) -> object:
    return orjson.loads(content) if isinstance(content, str) else content
