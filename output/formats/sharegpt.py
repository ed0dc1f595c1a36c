"""`sharegpt`: conversations of `human` and `gpt`, as many trainers read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import not_plain_chat
from output.reading import sample_of
from output.turns import read_turns
from schemas.contracts import FormatEntry, FormatReader, FormatSetup, Row
from schemas.errors import UnreadableRow
from schemas.registry import formats
from schemas.requests import Role
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


class ShareGPT:
    """Rows with `conversations` of `from` and `value`, and `reasoning` where the dataset has any."""

    def __init__(self, setup: FormatSetup) -> None:
        self._setup = setup

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat = chat_of(sample, self._setup.settings)
        turns: list[Row] = [{"from": SPEAKERS[turn.role], "value": turn.content} for turn in chat.turns]
        row: dict[str, list[Row] | str | None] = {"conversations": turns}
        if self._setup.traits.reasoning:
            row["reasoning"] = chat.reasoning
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        turn = pa.struct([("from", pa.string()), ("value", pa.string())])
        reasoning = [("reasoning", pa.string())] if self._setup.traits.reasoning else []
        return pa.schema([("conversations", pa.list_(turn)), *reasoning])


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for.

    Raises:
        UnreadableRow: it is none; says why.
    """
    conversation = row["conversations"]
    if not isinstance(conversation, list) or not all(isinstance(turn, Mapping) for turn in conversation):
        raise UnreadableRow("'conversations' is not a list of turns")
    return sample_of(row, read_turns([_turn(turn) for turn in conversation]))


def _turn(turn: Mapping[str, object]) -> Row:
    speaker, value = turn.get("from", turn.get("role")), turn.get("value", turn.get("content"))
    return {"role": _ROLES.get(str(speaker), str(speaker)), "content": value}  # type: ignore[dict-item]  # read_turns looks


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("conversations"), list)


formats.add(
    "sharegpt",
    FormatEntry(ShareGPT, "conversations of human and gpt", not_plain_chat, FormatReader(recognises, read)),
)
