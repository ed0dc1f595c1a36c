"""`openai`: the file that OpenAI's fine-tuning takes, by its rules."""

from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import not_a_chat
from output.formats.messages import read_chat, recognises
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row
from schemas.errors import SettingsError
from schemas.registry import formats
from schemas.requests import Message
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class OpenAI:
    """Rows with `messages`, and `tools` where a sample has them; no key that the endpoint does not know."""

    def __init__(self, setup: FormatSetup) -> None:
        if setup.traits.reasoning:
            problem = "'openai' rows have no column for it"
            raise SettingsError(
                "output.reasoning", f"{problem}; pass --set output.reasoning=answer, think or drop"
            )
        self._setup = setup

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        import orjson

        chat = chat_of(sample, self._setup.settings)
        row: dict[str, Cell] = {"messages": [_turn(turn) for turn in chat.turns]}
        if sample.tools:
            row["tools"] = [orjson.loads(tool) for tool in sample.tools]
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return nothing but the names: the file is JSON lines, whose tools are of no one type."""
        import pyarrow as pa

        return pa.schema([("messages", pa.null())])


def _turn(turn: Message) -> Row:
    content: Cell = turn.content
    if turn.images:
        shown: list[Cell] = [
            {"type": "image_url", "image_url": {"url": image.data_url}} for image in turn.images
        ]
        content = [*shown, {"type": "text", "text": turn.content}]
    row: dict[str, Cell] = {"role": turn.role, "content": content}
    if turn.tool_calls:
        row["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in turn.tool_calls
        ]
    if turn.tool_call_id:
        row["tool_call_id"] = turn.tool_call_id
    return row


def misfit(sample: Sample) -> str | None:
    """Say what of a sample breaks the rules of the file."""
    if problem := not_a_chat(sample):
        return problem
    if sample.images:
        return "images that no turn shows"
    if any(turn.images for turn in sample.messages if turn.role != "user"):
        return "images in a turn that is not the user's"
    if any(not turn.content.strip() and not turn.tool_calls for turn in sample.messages):
        return "an empty turn"
    called = {call.id for turn in sample.messages for call in turn.tool_calls}
    if any(turn.tool_call_id not in called for turn in sample.messages if turn.role == "tool"):
        return "a tool's turn that answers no call"
    return None


formats.add(
    "openai",
    FormatEntry(
        OpenAI,
        "the file that OpenAI's fine-tuning takes",
        misfit,
        FormatReader(recognises, read_chat),
        bare=True,
        storage="jsonl",
        min_train_rows=10,
    ),
)
