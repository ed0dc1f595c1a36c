"""`sharegpt`: conversations of `human` and `gpt`, as many trainers read them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import has_tools, not_a_chat
from output.images import image_row, image_type, read_images
from output.reading import sample_of
from output.turns import read_turns, shown_first
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row
from schemas.errors import UnreadableRow
from schemas.registry import formats
from schemas.requests import Image, Message, Role
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa

SPEAKERS: dict[Role, str] = {"system": "system", "user": "human", "assistant": "gpt"}
# What datasets in the wild say for each role.
_ROLES: dict[str, Role] = {
    "system": "system",
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
}


# Stands in a turn's text for each of its images, as LLaVA began it.
IMAGE = "<image>"


class ShareGPT:
    """Rows with `conversations` of `from` and `value`, and `reasoning` and `images` where there are any."""

    def __init__(self, setup: FormatSetup) -> None:
        self._setup = setup

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat = chat_of(sample, self._setup.settings)
        turns = shown_first(chat.turns, sample.images)
        row: dict[str, Cell] = {"conversations": [_row(turn) for turn in turns]}
        if self._setup.traits.reasoning:
            row["reasoning"] = chat.reasoning
        if self._setup.traits.images:
            row["images"] = [image_row(image) for turn in turns for image in turn.images]
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        turn = pa.struct([("from", pa.string()), ("value", pa.string())])
        traits = self._setup.traits
        fields = [("conversations", pa.list_(turn))]
        fields += [("reasoning", pa.string())] if traits.reasoning else []
        fields += [("images", pa.list_(image_type()))] if traits.images else []
        return pa.schema(fields)


def _row(turn: Message) -> Row:
    return {"from": SPEAKERS[turn.role], "value": f"{IMAGE}\n" * len(turn.images) + turn.content}


def misfit(sample: Sample) -> str | None:
    """Say what of a sample cannot be held."""
    pictured = bool(sample.pictures)
    if pictured and any(IMAGE in turn.content for turn in sample.messages):
        return f"images beside text that says {IMAGE}"
    return not_a_chat(sample) or has_tools(sample)


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for.

    Raises:
        UnreadableRow: it is none; says why.
    """
    conversation = row["conversations"]
    if not isinstance(conversation, list) or not all(isinstance(turn, Mapping) for turn in conversation):
        raise UnreadableRow("'conversations' is not a list of turns")
    turns, images = read_turns([_turn(turn) for turn in conversation]), read_images(row.get("images"))
    return sample_of(row, _with_images(turns, images) if images else turns)


def _with_images(turns: tuple[Message, ...], images: tuple[Image, ...]) -> tuple[Message, ...]:
    """Return the turns with the images that their marks stand for, in order."""
    marks = sum(turn.content.count(IMAGE) for turn in turns)
    if marks != len(images):
        raise UnreadableRow(f"there are {len(images)} images and {marks} times {IMAGE}")
    supply = iter(images)
    return tuple(
        replace(
            turn,
            content=turn.content.replace(f"{IMAGE}\n", "").replace(IMAGE, ""),
            images=tuple(islice(supply, turn.content.count(IMAGE))),
        )
        for turn in turns
    )


def _turn(turn: Mapping[str, object]) -> Mapping[str, object]:
    speaker, value = turn.get("from", turn.get("role")), turn.get("value", turn.get("content"))
    return {"role": _ROLES.get(str(speaker), str(speaker)), "content": value}


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("conversations"), list)


formats.add(
    "sharegpt",
    FormatEntry(ShareGPT, "conversations of human and gpt", misfit, FormatReader(recognises, read)),
)
