"""`messages`: chats as OpenAI and TRL read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import not_a_chat
from output.images import image_row, image_type, read_images
from output.reading import sample_of
from output.turns import Turns, read_tools, read_turns, tools_text
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row
from schemas.registry import formats
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class Messages:
    """Rows with a chat in `column`, and `reasoning`, `tools` and `images` where the dataset has any."""

    def __init__(self, setup: FormatSetup, column: str = "messages") -> None:
        self._setup, self._column = setup, column
        self._turns = Turns(setup.traits)

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat, traits = chat_of(sample, self._setup.settings), self._setup.traits
        row: dict[str, Cell] = {self._column: self._turns.rows(chat.turns, sample.images)}
        if traits.reasoning:
            row["reasoning"] = chat.reasoning
        if traits.tools:
            row["tools"] = tools_text(sample.tools)
        if traits.images:
            row["images"] = [image_row(image) for image in sample.pictures]
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        traits = self._setup.traits
        fields = [(self._column, self._turns.arrow_type())]
        fields += [("reasoning", pa.string())] if traits.reasoning else []
        fields += [("tools", pa.string())] if traits.tools else []
        fields += [("images", pa.list_(image_type()))] if traits.images else []
        return pa.schema(fields)


def read_chat(row: Mapping[str, object], column: str = "messages") -> Sample:
    """Return the sample that a row with a chat in `column` stands for.

    Raises:
        UnreadableRow: it is none; says why.
    """
    images = read_images(row.get("images"))
    turns = read_turns(row[column], images)
    placed = sum(len(turn.images) for turn in turns)
    return sample_of(row, turns, images=images[placed:], tools=read_tools(row.get("tools")))


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("messages"), list)


formats.add(
    "messages",
    FormatEntry(
        Messages, "chats as OpenAI and TRL read them", not_a_chat, FormatReader(recognises, read_chat)
    ),
)
