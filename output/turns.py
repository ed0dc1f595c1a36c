"""Chat turns as rows in the manner of the OpenAI protocol, and back."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import orjson

from schemas.contracts import Cell, Row, Traits
from schemas.errors import UnreadableRow
from schemas.requests import Image, Message, Role, ToolCall
from schemas.text import whole_text

if TYPE_CHECKING:
    import pyarrow as pa

ROLES: tuple[str, ...] = get_args(Role)


class Turns:
    """How turns stand in rows: `role` and `content`, and what the dataset's traits call for.

    With images, `content` is a list of parts as processors take them; the images themselves stand in a
    column of their own, in the order of their parts. With tools, a turn has `tool_calls`, whose arguments
    are JSON text, and `tool_call_id`.
    """

    def __init__(self, traits: Traits) -> None:
        self._traits = traits

    def rows(self, turns: Sequence[Message], images: tuple[Image, ...] = ()) -> list[Row]:
        """Return a row per turn. `images` belong to the sample as a whole: the first user turn shows them."""
        return [self.row(turn) for turn in shown_first(turns, images)]

    def row(self, turn: Message) -> Row:
        """Return the row of one turn."""
        row: dict[str, Cell] = {"role": turn.role, "content": self._content(turn)}
        if self._traits.tools:
            row["tool_calls"] = [_call_row(call) for call in turn.tool_calls] or None
            row["tool_call_id"] = turn.tool_call_id
        return row

    def arrow_type(self) -> "pa.DataType":
        """Return the type of a list of turns."""
        import pyarrow as pa

        part = pa.struct([("type", pa.string()), ("text", pa.string())])
        fields = [("role", pa.string()), ("content", pa.list_(part) if self._traits.images else pa.string())]
        if self._traits.tools:
            function = pa.struct([("name", pa.string()), ("arguments", pa.string())])
            call = pa.struct([("id", pa.string()), ("type", pa.string()), ("function", function)])
            fields += [("tool_calls", pa.list_(call)), ("tool_call_id", pa.string())]
        return pa.list_(pa.struct(fields))

    def _content(self, turn: Message) -> Cell:
        if not self._traits.images:
            return turn.content
        return [{"type": "image", "text": None} for _ in turn.images] + [
            {"type": "text", "text": turn.content}
        ]


def shown_first(turns: Sequence[Message], images: tuple[Image, ...]) -> list[Message]:
    """Return the turns, the first user turn showing `images` before its own."""
    first = next((number for number, turn in enumerate(turns) if turn.role == "user"), None)
    return [
        replace(turn, images=images + turn.images) if images and number == first else turn
        for number, turn in enumerate(turns)
    ]


def _call_row(call: ToolCall) -> Row:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def tools_text(tools: tuple[str, ...]) -> str | None:
    """Return the tools' schemas as one JSON array, None where there are none."""
    return f"[{','.join(tools)}]" if tools else None


def read_tools(value: object) -> tuple[str, ...]:
    """Return the schemas in a `tools` column: JSON text of a list, or a list.

    Raises:
        UnreadableRow: it is neither.
    """
    if not value:
        return ()
    try:
        listed = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError as error:
        raise UnreadableRow("'tools' is not JSON") from error
    if not isinstance(listed, Sequence):
        raise UnreadableRow("'tools' is not a list")
    return tuple(tool if isinstance(tool, str) else orjson.dumps(tool).decode() for tool in listed)


def read_turns(value: object, images: Iterable[Image] = ()) -> tuple[Message, ...]:
    """Return the turns in a list of rows. `images` fill their image parts, in order.

    Raises:
        UnreadableRow: it is no list of turns; says which turn and why.
    """
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise UnreadableRow("turns are not a list")
    supply = iter(images)
    return tuple(_read_turn(row, number, supply) for number, row in enumerate(value, start=1))


def _read_turn(row: object, number: int, supply: Iterator[Image]) -> Message:
    if not isinstance(row, Mapping):
        raise UnreadableRow(f"turn {number} is not a mapping")
    role = row.get("role")
    if role not in ROLES:
        raise UnreadableRow(f"turn {number} has the role {role!r}; there are {', '.join(ROLES)}")
    text, images = _read_content(row.get("content"), number, supply)
    listed = row.get("tool_calls") or ()
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise UnreadableRow(f"turn {number} has tool calls that are not a list")
    calls = tuple(_read_call(call, number) for call in listed)
    answered = row.get("tool_call_id")
    return Message(role, text, images, calls, None if answered is None else str(answered))


def _read_content(content: object, number: int, supply: Iterator[Image]) -> tuple[str, tuple[Image, ...]]:
    if content is None:
        return "", ()
    if isinstance(content, str):
        return whole_text(content), ()
    if not isinstance(content, Sequence):
        raise UnreadableRow(f"turn {number} has a content that is neither text nor parts")
    texts: list[str] = []
    images: list[Image] = []
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind == "text":
            texts.append(whole_text(str(part.get("text") or "")))
        elif kind == "image":
            images.append(_next_image(supply, number))
        elif kind == "image_url":
            images.append(_image_at(part.get("image_url"), number))
        else:
            raise UnreadableRow(f"turn {number} has a part of type {kind!r}, which is not read")
    return "\n".join(texts), tuple(images)


def _next_image(supply: Iterator[Image], number: int) -> Image:
    image = next(supply, None)
    if image is None:
        raise UnreadableRow(f"turn {number} shows more images than the row has")
    return image


def _image_at(value: object, number: int) -> Image:
    """Return the image in a `data:` address, which stands bare or under `url`."""
    address = value.get("url") if isinstance(value, Mapping) else value
    head, comma, encoded = str(address).partition(",")
    if not head.startswith("data:") or not head.endswith(";base64") or not comma:
        raise UnreadableRow(f"turn {number} shows an image by address; only data: addresses are read")
    try:
        return Image(head[len("data:") : -len(";base64")], base64.b64decode(encoded))
    except ValueError as error:
        raise UnreadableRow(f"turn {number} shows an image that is no Base64") from error


def _read_call(call: object, number: int) -> ToolCall:
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(call, Mapping) or not isinstance(function, Mapping) or not function.get("name"):
        raise UnreadableRow(f"turn {number} has a tool call without a function")
    arguments = function.get("arguments") or "{}"
    text = arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
    return ToolCall(str(call.get("id") or ""), str(function["name"]), text)
