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


def tools_of(row: object) -> tuple[str, ...]:
    """Return the JSON schemas of what the assistant of a row may call, each as text.

    Raises:
        NotAChat: they are no list of objects, nor JSON text of one.
    """
    tools = row.get("tools") if isinstance(row, Mapping) else None
    listed = _parsed(tools) if tools else []
    if not isinstance(listed, list) or not all(isinstance(tool, Mapping) for tool in listed):
        raise NotAChat("tools is not a list of objects")
    return tuple(orjson.dumps(tool).decode() for tool in listed)


def _alpaca(row: Mapping[str, object]) -> tuple[Message, ...]:
    system = (Message("system", str(row["system"])),) if row.get("system") else ()
    prompt = "\n\n".join(str(row[key]) for key in ("instruction", "input") if row.get(key))
    earlier = _earlier(row.get("history") or [])
    return (*system, *earlier, Message("user", prompt), Message("assistant", str(row.get("output") or "")))


def _earlier(history: object) -> tuple[Message, ...]:
    """Return the turns of an Alpaca row's history: pairs of a prompt and its answer."""
    turns: list[Message] = []
    for pair in history if isinstance(history, Sequence) and not isinstance(history, str) else (None,):
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise NotAChat("history is not a list of pairs")
        turns += [Message("user", str(pair[0])), Message("assistant", str(pair[1]))]
    return tuple(turns)


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
        _said(content),
        tool_calls=tuple(map(_call, calls)),
        tool_call_id=answered if isinstance(answered, str) else None,
    )


def _said(content: object) -> str:
    """Return what a turn says, be it text or a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, Mapping) else None for part in parts]
    if not all(isinstance(text, str) for text in texts):
        raise NotAChat("a turn holds something other than text")
    return "\n".join(map(str, texts))


def _call(call: object) -> ToolCall:
    function = call.get("function", call) if isinstance(call, Mapping) else None
    if not isinstance(call, Mapping) or not isinstance(function, Mapping) or "name" not in function:
        raise NotAChat("a tool call has no name")
    arguments = function.get("arguments", {})
    text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
    return ToolCall(str(call.get("id", "")), str(function["name"]), text)


def _parsed(content: object) -> object:
    try:
        return orjson.loads(content) if isinstance(content, str) else content
    except orjson.JSONDecodeError as error:
        raise NotAChat(f"what should be JSON is not: {error}") from error
